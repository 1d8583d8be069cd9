SELECT snapshot.id, snapshot.created_at, snapshot.question, snapshot.version, snapshot.known_at, snapshot.rows, snapshot.row_form, snapshot.sha256, snapshot.sources
FROM snapshot
WHERE snapshot.id = %(id_1)s::UUID
