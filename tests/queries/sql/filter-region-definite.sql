SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND event.extent_region IN (%(extent_region_1_1)s::VARCHAR, %(extent_region_1_2)s::VARCHAR, %(extent_region_1_3)s::VARCHAR)
