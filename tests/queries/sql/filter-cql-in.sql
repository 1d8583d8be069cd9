SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND event.admin1 = ANY (%(param_1)s::TEXT[])
