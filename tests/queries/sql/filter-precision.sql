SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND event.precision IN (%(precision_1_1)s::VARCHAR, %(precision_1_2)s::VARCHAR)
