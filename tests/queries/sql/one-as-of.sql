SELECT event.id::text AS written, event.revision, array((SELECT ARRAY[CAST(claim.id AS TEXT), CAST(claim.responds_to AS TEXT), claim.id::text] AS anon_1
FROM claim
WHERE (claim.events @> CAST(%(param_1)s::UUID[] AS UUID[])) AND claim.since_version <= %(since_version_1)s::BIGINT AND claim.until_version > %(until_version_1)s::BIGINT ORDER BY claim.said_first, claim.said_last, claim.id)) AS claims, array_cat('{}'::text[], array((SELECT estimate.id::text
FROM estimate
WHERE estimate.event_id = %(event_id_1)s::UUID AND estimate.since_version <= %(since_version_2)s::BIGINT AND estimate.until_version > %(until_version_2)s::BIGINT ORDER BY array_position(CAST(%(param_2)s::TEXT[] AS TEXT[]), estimate.harm), array_position(CAST(%(param_3)s::TEXT[] AS TEXT[]), estimate."group"), estimate.id))) AS estimates, array((SELECT assessment.id::text
FROM assessment
WHERE assessment.event_id = %(event_id_2)s::UUID AND assessment.since_version <= %(since_version_3)s::BIGINT AND assessment.until_version > %(until_version_3)s::BIGINT ORDER BY assessment.assessed_on DESC, assessment.scheme, assessment.id)) AS assessments, array((SELECT document.id::text
FROM document
WHERE document.id = ANY (array_cat(event.documents, array((SELECT claim.document_id
FROM claim
WHERE (claim.events @> CAST(%(param_4)s::UUID[] AS UUID[])) AND claim.since_version <= %(since_version_4)s::BIGINT AND claim.until_version > %(until_version_4)s::BIGINT UNION ALL SELECT claim.document_id
FROM claim
WHERE claim.id IN (SELECT estimate.claim_id
FROM estimate
WHERE estimate.event_id = %(event_id_3)s::UUID AND estimate.since_version <= %(since_version_5)s::BIGINT AND estimate.until_version > %(until_version_5)s::BIGINT) AND claim.since_version <= %(since_version_6)s::BIGINT AND claim.until_version > %(until_version_6)s::BIGINT UNION ALL SELECT estimate.document_id
FROM estimate
WHERE estimate.event_id = %(event_id_3)s::UUID AND estimate.since_version <= %(since_version_5)s::BIGINT AND estimate.until_version > %(until_version_5)s::BIGINT UNION ALL SELECT assessment.document_id
FROM assessment
WHERE assessment.event_id = %(event_id_4)s::UUID AND assessment.since_version <= %(since_version_7)s::BIGINT AND assessment.until_version > %(until_version_7)s::BIGINT)))) AND document.since_version <= %(since_version_8)s::BIGINT AND document.until_version > %(until_version_8)s::BIGINT ORDER BY document.published_on, document.id)) AS documents, array((SELECT other.id::text
FROM event_link JOIN event_revision AS other ON other.id = CASE WHEN (event_link.event_id = %(event_id_5)s::UUID) THEN event_link.other_id ELSE event_link.event_id END
WHERE (event_link.event_id = %(event_id_6)s::UUID OR event_link.other_id = %(other_id_1)s::UUID) AND event_link.since_version <= %(since_version_9)s::BIGINT AND event_link.until_version > %(until_version_9)s::BIGINT AND other.since_version <= %(since_version_10)s::BIGINT AND other.until_version > %(until_version_10)s::BIGINT ORDER BY other.first_day, event_link.id)) AS related
FROM event_revision AS event
WHERE event.id = %(id_1)s::UUID AND event.since_version <= %(since_version_11)s::BIGINT AND event.until_version > %(until_version_11)s::BIGINT
