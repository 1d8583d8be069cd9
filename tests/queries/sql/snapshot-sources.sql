SELECT dataset.id, dataset.title, dataset.publisher, dataset.homepage, dataset.licence, dataset.licence_url, dataset.redistribution, dataset.citation, release.id AS release_id, release.name, release.label, release.released_on, encode(release.sha256, %(encode_1)s::VARCHAR) AS sha256
FROM dataset LEFT OUTER JOIN release ON release.dataset_id = dataset.id AND release.id IN (%(id_1_1)s::BIGINT)
WHERE dataset.id IN (%(id_2_1)s::VARCHAR, %(id_2_2)s::VARCHAR) ORDER BY dataset.id, release.position DESC, release.id DESC
