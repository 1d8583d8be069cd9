SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND (event.near_regions IS NULL AND event.extent_region IN (%(extent_region_1_1)s::VARCHAR, %(extent_region_1_2)s::VARCHAR, %(extent_region_1_3)s::VARCHAR, %(extent_region_1_4)s::VARCHAR) OR (event.near_regions && array((SELECT unnest(CAST(%(param_1)s::TEXT[] AS TEXT[])) AS unnest_1))) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('anywhere'))
