-- How far the people are who saw a guide in these days, and why it ended.
SELECT status, end_reason, COUNT(*) AS people
FROM progress
WHERE environment_id = :environment AND guide_id = :guide AND started_at < :after AND last_event_at >= :start
GROUP BY status, end_reason
ORDER BY people DESC, status, end_reason
