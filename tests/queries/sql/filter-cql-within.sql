SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND ST_Within(event.geom, ST_GeomFromWKB(%(param_1)s, 4326))
