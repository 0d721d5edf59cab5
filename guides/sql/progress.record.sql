-- One row for each event; the ids that were new come back.
INSERT INTO event (id, environment_id, day, person_id, guide_id, version, name, item, at, received_at, props) VALUES
