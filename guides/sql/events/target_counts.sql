-- Add to the counts of elements found and missed, by day, item, page, browser and reason.
INSERT INTO target_daily_count (id, environment_id, guide_id, day, item, page, browser, reason, times, score_count, score_sum)
VALUES {values}
ON CONFLICT (environment_id, guide_id, day, item, page, browser, reason)
DO UPDATE SET times = target_daily_count.times + excluded.times, score_count = target_daily_count.score_count + excluded.score_count, score_sum = target_daily_count.score_sum + excluded.score_sum
