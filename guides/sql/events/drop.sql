-- Add to the count of what was refused on one day, by reason.
INSERT INTO dropped_event_count (id, environment_id, day, code, times)
VALUES (:id, :environment, :day, :code, :times)
ON CONFLICT (environment_id, day, code)
DO UPDATE SET times = dropped_event_count.times + excluded.times
