SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND event.first_day BETWEEN %(param_1)s::DATE AND %(param_2)s::DATE AND event.first_day != '-infinity'::date
