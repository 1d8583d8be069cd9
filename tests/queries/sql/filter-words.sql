SELECT count(*) AS count_1
FROM event
WHERE event.status = %(status_1)s::VARCHAR AND (event.search @@ websearch_to_tsquery(%(websearch_to_tsquery_1)s::REGCONFIG, %(websearch_to_tsquery_2)s::VARCHAR))
