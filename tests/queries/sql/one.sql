SELECT event.id::text, event.revision
FROM event
WHERE event.id = %(id_1)s::UUID
