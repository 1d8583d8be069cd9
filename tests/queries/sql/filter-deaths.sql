SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND event.deaths_best >= %(deaths_best_1)s::INTEGER AND event.deaths_best <= %(deaths_best_2)s::INTEGER
