SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND event.admin2 IN (%(admin2_1_1)s::VARCHAR)
