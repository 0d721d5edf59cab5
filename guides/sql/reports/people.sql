-- How many people one event happened to, each counted once.
SELECT COUNT(DISTINCT person_id) AS people, COUNT(*) AS times
FROM event
WHERE environment_id = :environment AND guide_id = :guide AND name = :name AND day >= :since AND day <= :until
