SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND (ST_Intersects(event.geom, ST_GeomFromWKB(%(param_1)s, 4326)) OR ST_Intersects(event.geom, ST_GeomFromWKB(%(param_2)s, 4326)))
