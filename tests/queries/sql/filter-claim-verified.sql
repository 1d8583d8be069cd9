SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND event.id IN (SELECT unnest(claim.events) AS unnest_1
FROM claim
WHERE claim.until_version = %(until_version_1)s::BIGINT AND claim.verification IN (%(verification_1_1)s::VARCHAR))
