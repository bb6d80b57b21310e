-- +goose Up
-- A scheme that the office or one person made, or one of those that came with the
-- program and was changed here. Nobody's is the office's.
CREATE TABLE cpd_scheme (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL,
  ended_on TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX cpd_scheme_person ON cpd_scheme (person_id, id);
-- What it asks of periods that begin from a day on.
CREATE TABLE cpd_edition (
  scheme_id TEXT COLLATE "C" NOT NULL REFERENCES cpd_scheme (id) ON DELETE CASCADE,
  from_on TEXT COLLATE "C" NOT NULL,
  definition TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (scheme_id, from_on)
);
CREATE INDEX cpd_cycle_scheme ON cpd_cycle (scheme_id);
-- Which kind of project an answered dial says that one is.
CREATE VIEW v_dialled AS SELECT project_id, kind, answered_on, answered_at FROM dial_answer;

-- +goose Down
SELECT 1;
