SELECT document.id::text, (SELECT coalesce(max(version.id), %(coalesce_2)s::INTEGER) AS coalesce_1
FROM version) AS anon_1, document.published_on, document.id
FROM document
WHERE document.until_version = %(until_version_1)s::BIGINT AND document.dataset IN (%(dataset_1_1)s::VARCHAR) AND document.publisher IN (%(publisher_1_1)s::VARCHAR) AND document.published_on >= %(published_on_1)s::DATE AND document.published_on <= %(published_on_2)s::DATE AND (document.published_on, document.id) < (%(param_1)s::DATE, %(param_2)s::UUID) ORDER BY document.published_on DESC, document.id DESC
 LIMIT %(param_3)s::INTEGER
