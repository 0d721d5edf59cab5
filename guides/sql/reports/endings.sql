-- How far the people are who saw a guide in these days, and why it ended.
SELECT status, reason, COUNT(*) AS people
FROM progress
WHERE environment_id = :environment AND guide_id = :guide AND started_at < :after AND last_at >= :start
GROUP BY status, reason
ORDER BY people DESC, status, reason
