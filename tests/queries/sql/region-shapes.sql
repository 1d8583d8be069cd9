SELECT region.code, region.level, ST_AsBinary(region.geom) AS wkb
FROM region ORDER BY region.level, region.code
