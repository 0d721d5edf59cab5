-- Add to the count of what was refused on one day, by reason.
INSERT INTO dropped (id, environment_id, day, code, times)
VALUES (:id, :environment, :day, :code, :times)
ON CONFLICT (environment_id, day, code)
DO UPDATE SET times = dropped.times + excluded.times
