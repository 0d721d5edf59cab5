-- Everything one boot asks of the database: the environment with its revision, the person, their company and progress.
SELECT
    e.id AS environment_id, e.project_id, e.revision, e.is_disabled, e.allowed_origins, e.last_boot_at, e.has_identified,
    p.id AS person_id, p.external_id, p.anonymous_id, p.attributes, p.membership, p.last_seen_at,
    c.external_id AS company, c.attributes AS company_attributes,
    g.guide_id, g.version, g.status, g.current_item, g.done_items, g.state, g.last_event_at, g.ended_at, g.first_completed_at, g.snoozed_until
FROM environment e
LEFT JOIN person p ON p.environment_id = e.id AND p.{identity} = :identity
LEFT JOIN company c ON c.id = p.company_id
LEFT JOIN progress g ON g.environment_id = e.id AND g.person_id = p.id
WHERE e.public_key = :public_key
