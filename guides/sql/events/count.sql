-- Add to the counts by day, guide, event and item.
INSERT INTO event_daily_count (id, environment_id, guide_id, day, name, item, times, people)
VALUES {values}
ON CONFLICT (environment_id, guide_id, day, name, item)
DO UPDATE SET times = event_daily_count.times + excluded.times, people = event_daily_count.people + excluded.people
