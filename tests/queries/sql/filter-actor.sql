SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND event.id IN (SELECT event_actor.event_id
FROM event_actor
WHERE event_actor.actor_id IN (SELECT actor.id
FROM actor
WHERE (actor.name IN (%(name_1_1)s::VARCHAR) OR (actor.aliases && CAST(%(param_1)s::TEXT[] AS TEXT[]))) AND actor.until_version = %(until_version_1)s::BIGINT) AND event_actor.until_version = %(until_version_2)s::BIGINT)
