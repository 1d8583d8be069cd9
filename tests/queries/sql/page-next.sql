SELECT CAST(event.id AS TEXT) AS id, event.first_day, event.id AS id_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND (event.first_day, event.id) < (%(param_1)s::DATE, %(param_2)s::UUID) AND NOT (event.revision = %(revision_1)s::INTEGER AND event.version > %(version_1)s::BIGINT) ORDER BY event.first_day DESC, event.id DESC
 LIMIT %(param_3)s::INTEGER
