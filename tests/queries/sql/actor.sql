SELECT actor.id, actor.dataset_id AS dataset, actor.source_key, actor.name, actor.aliases, part.events, part.side_a, part.side_b, part.first_day, part.last_day, CAST((SELECT count(*) AS count_1
FROM claim
WHERE claim.actor_id = %(actor_id_1)s::UUID AND claim.until_version = %(until_version_1)s::BIGINT) AS INTEGER) AS claims
FROM actor JOIN (SELECT count(DISTINCT event.id) AS events, count(DISTINCT event.id) FILTER (WHERE event_actor.role = %(role_1)s::VARCHAR) AS side_a, count(DISTINCT event.id) FILTER (WHERE event_actor.role = %(role_2)s::VARCHAR) AS side_b, min(nullif(event.first_day, '-infinity'::date)) AS first_day, max(nullif(event.last_day, 'infinity'::date)) AS last_day
FROM event_actor JOIN event ON event.id = event_actor.event_id
WHERE event_actor.actor_id = %(actor_id_2)s::UUID AND event_actor.until_version = %(until_version_2)s::BIGINT AND event.status = %(status_1)s::VARCHAR) AS part ON true
WHERE actor.id = %(id_1)s::UUID AND actor.until_version = %(until_version_3)s::BIGINT
