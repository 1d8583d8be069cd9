SELECT region.code, region.name, region.aliases, region.level, region.country, region.parent, word_similarity(%(word_similarity_1)s::VARCHAR, region.names) AS alike
FROM region
WHERE ((%(param_1)s::VARCHAR || region.names || %(param_2)s::VARCHAR) LIKE '%%' || %(param_3)s::VARCHAR || '%%') ORDER BY ((%(param_1)s::VARCHAR || region.names || %(param_2)s::VARCHAR) LIKE '%%' || %(param_4)s::VARCHAR || '%%') DESC, ((%(param_1)s::VARCHAR || region.names || %(param_2)s::VARCHAR) LIKE '%%' || %(param_3)s::VARCHAR || '%%') DESC, alike DESC, region.level, region.code
 LIMIT %(param_5)s::INTEGER
