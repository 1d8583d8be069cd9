SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND ((event.geom && ST_GeomFromWKB(%(param_1)s, 4326)) AND CASE WHEN (ST_X(event.geom) < %(ST_X_1)s) THEN false WHEN (ST_X(event.geom) > %(ST_X_2)s) THEN false WHEN (ST_Y(event.geom) < %(ST_Y_1)s) THEN false WHEN (ST_Y(event.geom) > %(ST_Y_2)s) THEN false ELSE true END OR (event.geom && ST_GeomFromWKB(%(param_2)s, 4326)) AND CASE WHEN (ST_X(event.geom) < %(ST_X_3)s) THEN false WHEN (ST_X(event.geom) > %(ST_X_4)s) THEN false WHEN (ST_Y(event.geom) < %(ST_Y_3)s) THEN false WHEN (ST_Y(event.geom) > %(ST_Y_4)s) THEN false ELSE true END OR event.geom IS NULL AND (event.id) IN (SELECT other.id
FROM event AS other
WHERE other.geom IS NULL AND ((EXISTS (SELECT extent.id
FROM extent
WHERE extent.id = other.extent_id AND (ST_Intersects(extent.geom, ST_GeomFromWKB(%(param_3)s, 4326)) OR ST_Intersects(extent.geom, ST_GeomFromWKB(%(param_4)s, 4326))))) OR (
CASE
    WHEN other.extent_id IS NOT NULL THEN 'disc'::text
    WHEN other.near_regions IS NOT NULL THEN 'several'::text
    WHEN other.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('region') AND (EXISTS (SELECT region_part.code
FROM region_part
WHERE region_part.code = other.extent_region AND (ST_Intersects(region_part.geom, ST_GeomFromWKB(%(param_5)s, 4326)) OR ST_Intersects(region_part.geom, ST_GeomFromWKB(%(param_6)s, 4326))))) OR (
CASE
    WHEN other.extent_id IS NOT NULL THEN 'disc'::text
    WHEN other.near_regions IS NOT NULL THEN 'several'::text
    WHEN other.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('several') AND (EXISTS (SELECT region_part.code
FROM region_part
WHERE region_part.code = ANY (other.near_regions) AND (ST_Intersects(region_part.geom, ST_GeomFromWKB(%(param_7)s, 4326)) OR ST_Intersects(region_part.geom, ST_GeomFromWKB(%(param_8)s, 4326))))) OR (
CASE
    WHEN other.extent_id IS NOT NULL THEN 'disc'::text
    WHEN other.near_regions IS NOT NULL THEN 'several'::text
    WHEN other.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('anywhere'))))
