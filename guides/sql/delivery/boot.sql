-- Everything one boot asks of the database: the environment with its revision, the person, their company and progress.
SELECT
    e.id AS environment_id, e.project_id, e.revision, e.off, e.allowed_origins, e.seen_at AS connected_at, e.seen_person,
    p.id AS person_id, p.key, p.anonymous, p.attributes, p.membership, p.seen_at,
    c.key AS company, c.attributes AS company_attributes,
    g.guide_id, g.version, g.status, g.item, g.done, g.last_at, g.ended_at, g.finished_at, g.snoozed_until
FROM environment e
LEFT JOIN person p ON p.environment_id = e.id AND p.{identity} = :identity
LEFT JOIN company c ON c.id = p.company_id
LEFT JOIN progress g ON g.environment_id = e.id AND g.person_id = p.id
WHERE e.public_key = :public_key
