SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND event.country = %(param_1)s::VARCHAR AND event.deaths_best >= %(param_2)s::INTEGER
