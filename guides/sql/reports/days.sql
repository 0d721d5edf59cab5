-- People by day who saw or finished a guide.
SELECT day, name, SUM(people) AS people
FROM event_daily_count
WHERE environment_id = :environment AND guide_id = :guide AND day >= :since AND day <= :until AND name IN ('shown', 'completed')
GROUP BY day, name
ORDER BY day
