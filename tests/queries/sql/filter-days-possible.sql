SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND event.first_day <= %(first_day_1)s::DATE AND event.last_day >= %(last_day_1)s::DATE AND (event.first_day >= %(first_day_2)s::DATE AND event.first_day <= %(first_day_1)s::DATE OR event.last_day > event.first_day + 31 AND event.last_day >= %(last_day_1)s::DATE)
