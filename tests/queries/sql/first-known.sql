SELECT min(version.known_at) AS min_1
FROM version
WHERE version.id = (SELECT min(event_revision.since_version) AS min_2
FROM event_revision
WHERE event_revision.id = %(id_1)s::UUID)
