SELECT event.id, array((SELECT ARRAY[CAST(claim.id AS TEXT), CAST(claim.responds_to AS TEXT), claim.id::text] AS anon_1
FROM claim
WHERE (claim.events @> CAST(%(param_1)s::UUID[] AS UUID[])) AND claim.until_version = %(until_version_1)s::BIGINT ORDER BY claim.said_first, claim.said_last, claim.id)) AS array_1
FROM event
WHERE event.id = %(id_1)s::UUID
