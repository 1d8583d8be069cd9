SELECT CAST(event.id AS TEXT) AS id, event.deaths_best, event.last_day, event.id AS id_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND (event.deaths_best IS NULL AND event.last_day > %(last_day_1)s::DATE OR event.deaths_best IS NULL AND event.last_day = %(last_day_2)s::DATE AND event.id > %(id_2)s::UUID) AND NOT (event.revision = %(revision_1)s::INTEGER AND event.version > %(version_1)s::BIGINT) ORDER BY event.deaths_best DESC NULLS LAST, event.last_day ASC, event.id ASC
 LIMIT %(param_1)s::INTEGER
