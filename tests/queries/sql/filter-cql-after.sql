SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND event.first_day > %(param_1)s::DATE
