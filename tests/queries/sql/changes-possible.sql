WITH seen AS
(SELECT (SELECT min(event_revision.seq) AS min_1
FROM event_revision
WHERE event_revision.seq > %(seq_1)s::BIGINT) AS first, (SELECT max(event_revision.seq) AS max_1
FROM event_revision) AS last),
anon_2 AS
(SELECT extent.id AS id
FROM extent
WHERE ST_Intersects(extent.geom, ST_GeomFromWKB(%(param_1)s, 4326))),
anon_3 AS
(SELECT DISTINCT region_part.code AS code
FROM region_part
WHERE ST_Intersects(region_part.geom, ST_GeomFromWKB(%(param_2)s, 4326))),
anon_4 AS
(SELECT extent.id AS id
FROM extent
WHERE ST_Intersects(extent.geom, ST_GeomFromWKB(%(param_4)s, 4326))),
anon_5 AS
(SELECT DISTINCT region_part.code AS code
FROM region_part
WHERE ST_Intersects(region_part.geom, ST_GeomFromWKB(%(param_5)s, 4326)))
 SELECT seen.first, seen.last, change.seq, change.version, change.known_at, change.kind, change.id, change.revision, change.fields, change.matches, change.event
FROM seen LEFT OUTER JOIN LATERAL (SELECT event.seq AS seq, event.since_version AS version, (SELECT to_json(version.known_at) #>> '{}' AS anon_1
FROM version
WHERE version.id = event.since_version) AS known_at, CASE WHEN (event.revision = %(revision_1)s::INTEGER) THEN 'create' WHEN (coalesce(earlier.status, 'active') = event.status) THEN 'update' WHEN (event.status = %(status_1)s::VARCHAR) THEN 'reinstate' ELSE 'retract' END AS kind, event.id AS id, event.revision AS revision, CASE WHEN (earlier.id IS NULL) THEN NULL ELSE array_remove(ARRAY[CASE WHEN (event.type IS DISTINCT FROM earlier.type) THEN 'type' END, CASE WHEN (event.source_type IS DISTINCT FROM earlier.source_type) THEN 'source_type' END, CASE WHEN (event.title IS DISTINCT FROM earlier.title) THEN 'title' END, CASE WHEN (event.summary IS DISTINCT FROM earlier.summary) THEN 'summary' END, CASE WHEN (event.first_day IS DISTINCT FROM earlier.first_day) THEN 'first_day' END, CASE WHEN (event.last_day IS DISTINCT FROM earlier.last_day) THEN 'last_day' END, CASE WHEN (event.date_precision IS DISTINCT FROM earlier.date_precision) THEN 'date_precision' END, CASE WHEN (event.place IS DISTINCT FROM earlier.place) THEN 'place' END, CASE WHEN (event.precision IS DISTINCT FROM earlier.precision) THEN 'precision' END, CASE WHEN (event.radius_m IS DISTINCT FROM earlier.radius_m) THEN 'radius_m' END, CASE WHEN (event.country IS DISTINCT FROM earlier.country) THEN 'country' END, CASE WHEN (event.admin1 IS DISTINCT FROM earlier.admin1) THEN 'admin1' END, CASE WHEN (event.admin2 IS DISTINCT FROM earlier.admin2) THEN 'admin2' END, CASE WHEN (event.side_a IS DISTINCT FROM earlier.side_a) THEN 'side_a' END, CASE WHEN (event.side_b IS DISTINCT FROM earlier.side_b) THEN 'side_b' END, CASE WHEN (event.deaths_low IS DISTINCT FROM earlier.deaths_low) THEN 'deaths_low' END, CASE WHEN (event.deaths_best IS DISTINCT FROM earlier.deaths_best) THEN 'deaths_best' END, CASE WHEN (event.deaths_high IS DISTINCT FROM earlier.deaths_high) THEN 'deaths_high' END, CASE WHEN (event.deaths_civilians IS DISTINCT FROM earlier.deaths_civilians) THEN 'deaths_civilians' END, CASE WHEN (event.deaths_state IS DISTINCT FROM earlier.deaths_state) THEN 'deaths_state' END, CASE WHEN (event.deaths_estimate IS DISTINCT FROM earlier.deaths_estimate) THEN 'deaths_estimate' END, CASE WHEN (event.verification IS DISTINCT FROM earlier.verification) THEN 'verification' END, CASE WHEN (event.contested IS DISTINCT FROM earlier.contested) THEN 'contested' END, CASE WHEN (event.claims IS DISTINCT FROM earlier.claims OR 'claims' = ANY (event.touched)) THEN 'claims' END, CASE WHEN (event.sources IS DISTINCT FROM earlier.sources) THEN 'sources' END, CASE WHEN (event.first_reported IS DISTINCT FROM earlier.first_reported) THEN 'first_reported' END, CASE WHEN (event.status IS DISTINCT FROM earlier.status) THEN 'status' END, CASE WHEN (event.geom IS DISTINCT FROM earlier.geom) THEN 'geometry' END, CASE WHEN (event.extent_region IS DISTINCT FROM earlier.extent_region OR event.near_regions IS DISTINCT FROM earlier.near_regions OR event.extent_id IS DISTINCT FROM earlier.extent_id) THEN 'extent' END, CASE WHEN ('estimates' = ANY (event.touched)) THEN 'estimates' END, CASE WHEN ('assessments' = ANY (event.touched)) THEN 'assessments' END, CASE WHEN (event.documents IS DISTINCT FROM earlier.documents OR 'documents' = ANY (event.touched)) THEN 'documents' END, CASE WHEN ('links' = ANY (event.touched)) THEN 'links' END], NULL) END AS fields, coalesce(event.status = %(status_2)s::VARCHAR AND (event.extent_id = ANY (array((SELECT anon_2.id
FROM anon_2))) OR event.extent_region = ANY (array((SELECT anon_3.code
FROM anon_3))) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('several', 'anywhere')) AND (event.extent_id IN (SELECT anon_2.id
FROM anon_2) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('region') AND event.extent_region IN (SELECT anon_3.code
FROM anon_3) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('several') AND (event.near_regions && array((SELECT anon_3.code
FROM anon_3))) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('anywhere')), false) AS matches, event.id::text AS event
FROM event_revision AS event LEFT OUTER JOIN LATERAL (SELECT kept.seq AS seq, kept.touched AS touched, kept.dataset AS dataset, kept.source_key AS source_key, kept.type AS type, kept.source_type AS source_type, kept.title AS title, kept.summary AS summary, kept.first_day AS first_day, kept.last_day AS last_day, kept.date_precision AS date_precision, kept.instant AS instant, kept.place AS place, kept.geom AS geom, kept.precision AS precision, kept.radius_m AS radius_m, kept.country AS country, kept.admin1 AS admin1, kept.admin2 AS admin2, kept.extent_region AS extent_region, kept.near_regions AS near_regions, kept.extent_id AS extent_id, kept.side_a AS side_a, kept.side_b AS side_b, kept.deaths_low AS deaths_low, kept.deaths_best AS deaths_best, kept.deaths_high AS deaths_high, kept.deaths_civilians AS deaths_civilians, kept.deaths_state AS deaths_state, kept.deaths_estimate AS deaths_estimate, kept.verification AS verification, kept.contested AS contested, kept.claims AS claims, kept.sources AS sources, kept.first_reported AS first_reported, kept.first_reported_basis AS first_reported_basis, kept.documents AS documents, kept.status AS status, kept.revision AS revision, kept.version AS version, kept.release_id AS release_id, kept.record_hash AS record_hash, kept.search AS search, kept.id AS id, kept.since_version AS since_version, kept.until_version AS until_version
FROM event_revision AS kept
WHERE kept.id = event.id AND kept.until_version = event.since_version
 LIMIT %(param_3)s::INTEGER) AS earlier ON true
WHERE event.seq >= seen.first AND event.seq < seen.first + %(first_1)s::BIGINT AND ((event.extent_id = ANY (array((SELECT anon_2.id
FROM anon_2))) OR event.extent_region = ANY (array((SELECT anon_3.code
FROM anon_3))) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('several', 'anywhere')) AND (event.extent_id IN (SELECT anon_2.id
FROM anon_2) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('region') AND event.extent_region IN (SELECT anon_3.code
FROM anon_3) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('several') AND (event.near_regions && array((SELECT anon_3.code
FROM anon_3))) OR (
CASE
    WHEN event.extent_id IS NOT NULL THEN 'disc'::text
    WHEN event.near_regions IS NOT NULL THEN 'several'::text
    WHEN event.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('anywhere')) OR earlier.id IS NOT NULL AND (earlier.extent_id = ANY (array((SELECT anon_4.id
FROM anon_4))) OR earlier.extent_region = ANY (array((SELECT anon_5.code
FROM anon_5))) OR (
CASE
    WHEN earlier.extent_id IS NOT NULL THEN 'disc'::text
    WHEN earlier.near_regions IS NOT NULL THEN 'several'::text
    WHEN earlier.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('several', 'anywhere')) AND (earlier.extent_id IN (SELECT anon_4.id
FROM anon_4) OR (
CASE
    WHEN earlier.extent_id IS NOT NULL THEN 'disc'::text
    WHEN earlier.near_regions IS NOT NULL THEN 'several'::text
    WHEN earlier.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('region') AND earlier.extent_region IN (SELECT anon_5.code
FROM anon_5) OR (
CASE
    WHEN earlier.extent_id IS NOT NULL THEN 'disc'::text
    WHEN earlier.near_regions IS NOT NULL THEN 'several'::text
    WHEN earlier.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('several') AND (earlier.near_regions && array((SELECT anon_5.code
FROM anon_5))) OR (
CASE
    WHEN earlier.extent_id IS NOT NULL THEN 'disc'::text
    WHEN earlier.near_regions IS NOT NULL THEN 'several'::text
    WHEN earlier.extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END) IN ('anywhere'))) ORDER BY event.seq
 LIMIT %(param_6)s::INTEGER) AS change ON true ORDER BY change.seq
