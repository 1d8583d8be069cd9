SELECT place.id, place.name, place.alternates, place.country, place.population, ST_X(place.geom) AS lon, ST_Y(place.geom) AS lat, place.alike, (SELECT region_part.code
FROM region_part JOIN region ON region.code = region_part.code
WHERE region.level = %(level_1)s::SMALLINT AND region.country = place.country AND ST_Intersects(region_part.geom, place.geom) ORDER BY region_part.code
 LIMIT %(param_1)s::INTEGER) AS admin1
FROM (SELECT anon_1.id AS id, anon_1.name AS name, anon_1.alternates AS alternates, anon_1.country AS country, anon_1.population AS population, anon_1.geom AS geom, anon_1.alike AS alike
FROM (SELECT place.id AS id, place.name AS name, place.alternates AS alternates, place.country AS country, place.population AS population, place.geom AS geom, %(param_2)s AS alike
FROM place
WHERE (place.names LIKE '%%' || %(names_1)s::VARCHAR || '%%') ORDER BY place.population DESC, place.id
 LIMIT %(param_3)s::INTEGER) AS anon_1 UNION ALL SELECT anon_2.id AS id, anon_2.name AS name, anon_2.alternates AS alternates, anon_2.country AS country, anon_2.population AS population, anon_2.geom AS geom, anon_2.alike AS alike
FROM (SELECT place.id AS id, place.name AS name, place.alternates AS alternates, place.country AS country, place.population AS population, place.geom AS geom, %(param_2)s AS alike
FROM place
WHERE place.population >= 100000 AND (place.names LIKE '%%' || %(names_2)s::VARCHAR || '%%') AND (place.names NOT LIKE '%%' || %(names_1)s::VARCHAR || '%%') ORDER BY place.population DESC, place.id
 LIMIT %(param_4)s::INTEGER) AS anon_2) AS place
