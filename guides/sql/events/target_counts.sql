-- Add to the counts of elements found and missed, by day, item, page, browser and reason.
INSERT INTO daily_finding (id, environment_id, guide_id, day, item, page, browser, reason, times, scored, score)
VALUES {values}
ON CONFLICT (environment_id, guide_id, day, item, page, browser, reason)
DO UPDATE SET times = daily_finding.times + excluded.times, scored = daily_finding.scored + excluded.scored, score = daily_finding.score + excluded.score
