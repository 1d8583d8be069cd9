SELECT document.id::text, (SELECT coalesce(max(version.id), %(coalesce_2)s::INTEGER) AS coalesce_1
FROM version) AS anon_1, document.published_on, document.id
FROM document
WHERE document.until_version = %(until_version_1)s::BIGINT AND ((document.names LIKE '%%' || %(names_1)s::VARCHAR || '%%' ESCAPE '/') OR (document.names %%> %(names_2)s::VARCHAR)) ORDER BY word_similarity(%(word_similarity_1)s::VARCHAR, document.names) DESC, document.published_on DESC, document.id DESC
 LIMIT %(param_1)s::INTEGER
