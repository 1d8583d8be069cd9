SELECT place.id, place.name, place.alternates, place.country, place.population, ST_X(place.geom) AS lon, ST_Y(place.geom) AS lat, place.alike, (SELECT region_part.code
FROM region_part JOIN region ON region.code = region_part.code
WHERE region.level = %(level_1)s::SMALLINT AND region.country = place.country AND ST_Intersects(region_part.geom, place.geom) ORDER BY region_part.code
 LIMIT %(param_1)s::INTEGER) AS admin1
FROM (SELECT place.id AS id, place.name AS name, place.alternates AS alternates, place.country AS country, place.population AS population, place.geom AS geom, %(param_2)s AS alike
FROM place
WHERE (place.names LIKE '%%' || %(names_1)s::VARCHAR || '%%') ORDER BY (place.names LIKE '%%' || %(names_2)s::VARCHAR || '%%') DESC, place.population DESC, place.id
 LIMIT %(param_3)s::INTEGER) AS place
