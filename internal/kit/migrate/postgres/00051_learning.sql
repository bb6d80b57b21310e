-- +goose Up
-- What somebody wrote of their own work, for their own log of learning: when, as what,
-- how long, and in the words that may leave. What they wrote beside it stays inside.
CREATE VIEW v_own_entry AS SELECT id, person_id, kind, from_on, to_on, hours, leaves FROM career_entry;

-- +goose Down
DROP VIEW v_own_entry;
