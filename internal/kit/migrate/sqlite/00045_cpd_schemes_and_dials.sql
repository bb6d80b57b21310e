-- +goose Up
-- A scheme that the office or one person made, or one of those that came with the
-- program and was changed here. Nobody's is the office's.
CREATE TABLE cpd_scheme (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL,
  ended_on TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX cpd_scheme_person ON cpd_scheme (person_id, id);
-- What it asks of periods that begin from a day on.
CREATE TABLE cpd_edition (
  scheme_id TEXT NOT NULL REFERENCES cpd_scheme (id) ON DELETE CASCADE,
  from_on TEXT NOT NULL,
  definition TEXT NOT NULL,
  PRIMARY KEY (scheme_id, from_on)
) STRICT;
CREATE INDEX cpd_cycle_scheme ON cpd_cycle (scheme_id);
-- Which kind of project an answered dial says that one is.
CREATE VIEW v_dialled AS SELECT project_id, kind, answered_on, answered_at FROM dial_answer;

-- +goose Down
SELECT 1;
