SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND (event.geom && ST_MakeEnvelope(%(ST_MakeEnvelope_1)s, %(ST_MakeEnvelope_2)s, %(ST_MakeEnvelope_3)s, %(ST_MakeEnvelope_4)s, %(ST_MakeEnvelope_5)s::INTEGER)) AND ST_DWithin(CAST(event.geom AS geography(GEOMETRY,-1)), CAST(ST_SetSRID(ST_MakePoint(%(ST_MakePoint_1)s, %(ST_MakePoint_2)s), %(ST_SetSRID_1)s::INTEGER) AS geography(GEOMETRY,-1)), %(ST_DWithin_1)s)
