SELECT event.id, array_cat('{}'::text[], array((SELECT estimate.id::text
FROM estimate
WHERE estimate.event_id = %(event_id_1)s::UUID AND estimate.until_version = %(until_version_1)s::BIGINT ORDER BY array_position(CAST(%(param_1)s::TEXT[] AS TEXT[]), estimate.harm), array_position(CAST(%(param_2)s::TEXT[] AS TEXT[]), estimate."group"), estimate.id))) AS array_cat_1
FROM event
WHERE event.id = %(id_1)s::UUID
