SELECT snapshot.id, snapshot.created_at, snapshot.question, snapshot.version, snapshot.known_at, snapshot.rows, snapshot.row_form, snapshot.sha256, snapshot.sources
FROM snapshot
WHERE snapshot.sha256_of_question = %(sha256_of_question_1)s AND snapshot.version = %(version_1)s::BIGINT
