SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND event.first_day <= %(first_day_1)s::DATE AND event.last_day >= %(last_day_1)s::DATE AND (event.first_day >= %(first_day_2)s::DATE AND event.first_day <= %(first_day_1)s::DATE OR (
CASE
    WHEN event.last_day > (event.first_day + 31) THEN event.last_day
    ELSE NULL::date
END) >= %(
CASE
_WHEN_event_last_day_>_event_first_day_+_31_THEN_ev_1)s::DATE)
