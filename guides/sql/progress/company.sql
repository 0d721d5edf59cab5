-- What people of one company have done in some guides, a row for each person and guide.
SELECT g.guide_id, g.done_items
FROM company c
JOIN person p ON p.environment_id = c.environment_id AND p.company_id = c.id
JOIN progress g ON g.environment_id = c.environment_id AND g.person_id = p.id
WHERE c.environment_id = :environment AND c.external_id = :company AND g.guide_id IN ({guides})
