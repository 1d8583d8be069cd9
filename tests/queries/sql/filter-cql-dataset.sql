SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND event.dataset = %(param_1)s::VARCHAR AND NOT event.contested
