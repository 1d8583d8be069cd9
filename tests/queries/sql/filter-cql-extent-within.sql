WITH anon_1 AS
(SELECT extent.id AS id
FROM extent
WHERE (extent.geom && ST_GeomFromWKB(%(param_1)s, 4326)) AND ST_Covers(ST_GeomFromWKB(%(param_2)s, 4326), extent.geom)),
anon_2 AS
(SELECT region_part.code AS code
FROM region_part
WHERE region_part.code IN (SELECT DISTINCT region_part.code
FROM region_part
WHERE ST_Intersects(region_part.geom, ST_GeomFromWKB(%(param_3)s, 4326))) GROUP BY region_part.code
HAVING bool_and(ST_Covers(ST_GeomFromWKB(%(param_4)s, 4326), region_part.geom)))
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
END) IN ('several') AND (event.near_regions <@ array((SELECT anon_2.code
FROM anon_2)))) AND (event.extent_id IS NOT NULL OR event.near_regions IS NOT NULL OR event.extent_region IS NOT NULL)
