WITH anon_1 AS
(SELECT extent.id AS id
FROM extent
WHERE ST_Intersects(extent.geom, ST_GeomFromWKB(%(param_1)s, 4326))),
anon_2 AS
(SELECT DISTINCT region_part.code AS code
FROM region_part
WHERE ST_Intersects(region_part.geom, ST_GeomFromWKB(%(param_2)s, 4326)))
 SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND (event.extent_id = ANY (array((SELECT anon_1.id
FROM anon_1))) OR event.extent_region = ANY (array((SELECT anon_2.code
FROM anon_2))) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('several', 'anywhere')) AND (event.extent_id IN (SELECT anon_1.id
FROM anon_1) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('region') AND event.extent_region IN (SELECT anon_2.code
FROM anon_2) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('several') AND (event.near_regions && array((SELECT anon_2.code
FROM anon_2))) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('anywhere')) AND (event.extent_id IS NOT NULL OR event.near_regions IS NOT NULL OR event.extent_region IS NOT NULL)
