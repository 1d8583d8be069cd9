SELECT CAST(event.id AS TEXT) AS id, event.first_day, event.id AS id_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR ORDER BY event.first_day DESC, event.id DESC
 LIMIT %(param_1)s::INTEGER
