SELECT document.id::text AS written, array((SELECT claim.id::text
FROM claim
WHERE claim.document_id = %(document_id_1)s::UUID AND claim.until_version = %(until_version_1)s::BIGINT ORDER BY claim.said_first, claim.said_last, claim.id)) AS claims, array((SELECT figure.id::text
FROM figure
WHERE figure.document_id = %(document_id_2)s::UUID AND figure.until_version = %(until_version_2)s::BIGINT ORDER BY figure.last_day DESC, figure.id DESC)) AS figures, array((SELECT estimate.id::text
FROM estimate
WHERE (estimate.document_id = %(document_id_3)s::UUID OR estimate.claim_id IN (SELECT claim.id
FROM claim
WHERE claim.document_id = %(document_id_4)s::UUID AND claim.until_version = %(until_version_3)s::BIGINT)) AND estimate.until_version = %(until_version_4)s::BIGINT ORDER BY estimate.event_id, estimate.id)) AS estimates, array((SELECT event.id::text
FROM event
WHERE event.documents @> CAST(%(param_1)s::UUID[] AS UUID[]) ORDER BY event.first_day, event.id)) AS events, array((SELECT copy.id::text
FROM document AS copy
WHERE copy.origin_id = (SELECT document.origin_id
FROM document
WHERE document.id = %(id_1)s::UUID AND document.until_version = %(until_version_5)s::BIGINT) AND copy.id != %(id_2)s::UUID AND copy.until_version = %(until_version_6)s::BIGINT ORDER BY copy.published_on, copy.id)) AS copies
FROM document
WHERE document.id = %(id_3)s::UUID AND document.until_version = %(until_version_7)s::BIGINT
