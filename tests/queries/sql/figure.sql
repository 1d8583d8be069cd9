SELECT figure.id::text
FROM figure LEFT OUTER JOIN document ON document.id = figure.document_id AND document.until_version = %(until_version_1)s::BIGINT
WHERE figure.until_version = %(until_version_2)s::BIGINT AND figure.id = %(id_1)s::UUID
