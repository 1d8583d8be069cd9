SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND NOT (nullif(event.first_day, '-infinity'::date) >= %(param_1)s::DATE AND 'infinity'::date < CAST(timezone(%(timezone_1)s::VARCHAR, (SELECT version.known_at
FROM version
WHERE version.id = event.version)) AS DATE))
