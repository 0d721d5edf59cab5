-- People by guide and day, for the list of guides.
SELECT guide_id, day, name, SUM(people) AS people
FROM event_daily_count
WHERE environment_id = :environment AND day >= :since AND day <= :until AND name IN ('shown', 'completed')
GROUP BY guide_id, day, name
