-- One row for each event; those that were new come back.
INSERT INTO event (id, environment_id, day, person_id, guide_id, version, name, item, occurred_at, received_at, props)
VALUES {values}
ON CONFLICT (environment_id, day, id) DO NOTHING
RETURNING environment_id, id
