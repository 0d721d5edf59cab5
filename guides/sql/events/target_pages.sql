-- The pages that are counted on one day for one guide.
SELECT DISTINCT page
FROM target_daily_count
WHERE environment_id = :environment AND guide_id = :guide AND day = :day
