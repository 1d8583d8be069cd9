SELECT event.id::text, (SELECT coalesce(max(version.id), %(coalesce_2)s::INTEGER) AS coalesce_1
FROM version) AS anon_1, event.deaths_best, event.last_day, event.id
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND (event.deaths_best IS NULL AND event.last_day > %(last_day_1)s::DATE OR event.deaths_best IS NULL AND event.last_day = %(last_day_2)s::DATE AND event.id > %(id_1)s::UUID) ORDER BY event.deaths_best DESC NULLS LAST, event.last_day ASC, event.id ASC
 LIMIT %(param_1)s::INTEGER
