SELECT event.id::text, (SELECT coalesce(max(version.id), %(coalesce_2)s::INTEGER) AS coalesce_1
FROM version) AS anon_1, event.first_day, event.id
FROM event
WHERE event.status = %(status_1)s::VARCHAR ORDER BY event.first_day DESC, event.id DESC
 LIMIT %(param_1)s::INTEGER
