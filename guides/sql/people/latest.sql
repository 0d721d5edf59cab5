-- What a rule may ask about the people who were here most recently.
SELECT p.attributes, c.attributes AS company
FROM person p
LEFT JOIN company c ON c.id = p.company_id
WHERE p.environment_id = :environment
ORDER BY p.last_seen_at DESC, p.id
LIMIT :page OFFSET :start
