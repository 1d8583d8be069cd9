SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND (ST_Intersects(event.geom, ST_GeomFromWKB(%(param_1)s, 4326)) OR ST_Intersects(event.geom, ST_GeomFromWKB(%(param_2)s, 4326)) OR event.geom IS NULL AND ((EXISTS (SELECT extent.id
FROM extent
WHERE extent.id = event.extent_id AND (ST_Intersects(extent.geom, ST_GeomFromWKB(%(param_3)s, 4326)) OR ST_Intersects(extent.geom, ST_GeomFromWKB(%(param_4)s, 4326))))) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('region') AND (EXISTS (SELECT region_part.code
FROM region_part
WHERE region_part.code = event.extent_region AND (ST_Intersects(region_part.geom, ST_GeomFromWKB(%(param_5)s, 4326)) OR ST_Intersects(region_part.geom, ST_GeomFromWKB(%(param_6)s, 4326))))) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('several') AND (EXISTS (SELECT region_part.code
FROM region_part
WHERE region_part.code = ANY (event.near_regions) AND (ST_Intersects(region_part.geom, ST_GeomFromWKB(%(param_7)s, 4326)) OR ST_Intersects(region_part.geom, ST_GeomFromWKB(%(param_8)s, 4326))))) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('anywhere')))
