SELECT figure.id::text, (SELECT coalesce(max(version.id), %(coalesce_2)s::INTEGER) AS coalesce_1
FROM version) AS anon_1, figure.last_day, figure.id
FROM figure LEFT OUTER JOIN document ON document.id = figure.document_id AND document.until_version = %(until_version_1)s::BIGINT
WHERE figure.until_version = %(until_version_2)s::BIGINT AND figure.metric IN (%(metric_1_1)s::VARCHAR) AND figure.role IN (%(role_1_1)s::VARCHAR) AND figure.verification IN (%(verification_1_1)s::VARCHAR) AND figure.dataset IN (%(dataset_1_1)s::VARCHAR) AND figure.region IN (%(region_1_1)s::VARCHAR, %(region_1_2)s::VARCHAR, %(region_1_3)s::VARCHAR) AND figure.last_day >= %(last_day_1)s::DATE AND figure.first_day <= %(first_day_1)s::DATE AND (figure.last_day, figure.id) < (%(param_1)s::DATE, %(param_2)s::UUID) ORDER BY figure.last_day DESC, figure.id DESC
 LIMIT %(param_3)s::INTEGER
