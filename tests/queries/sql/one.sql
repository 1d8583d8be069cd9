SELECT CAST(event.id AS TEXT) AS id, event.revision
FROM event
WHERE event.id = %(id_1)s::UUID
