SELECT event.id::text, event.dataset, event.release_id
FROM event_revision AS event
WHERE event.since_version <= %(since_version_1)s::BIGINT AND event.until_version > %(until_version_1)s::BIGINT AND event.status = %(status_1)s::VARCHAR ORDER BY event.id
