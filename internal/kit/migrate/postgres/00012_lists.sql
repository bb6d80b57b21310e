-- +goose Up
-- Counts and sums of the register as it stands now, kept at write time. Hidden
-- are the projects that are confidential: a reader's total is what is not
-- hidden, and their own of what is.
CREATE TABLE project_tally (
  parent_id TEXT COLLATE "C" NOT NULL,
  live BOOLEAN NOT NULL,
  rating TEXT COLLATE "C" NOT NULL,
  currency TEXT COLLATE "C" NOT NULL,
  hidden BOOLEAN NOT NULL,
  projects BIGINT NOT NULL,
  with_budget BIGINT NOT NULL,
  budget BIGINT NOT NULL,
  with_forecast BIGINT NOT NULL,
  forecast BIGINT NOT NULL,
  with_actual BIGINT NOT NULL,
  actual BIGINT NOT NULL,
  PRIMARY KEY (parent_id, live, rating, currency, hidden)
);
-- The comparable form of the facts that have no key column of their own.
CREATE TABLE project_words (
  field TEXT COLLATE "C" NOT NULL,
  project_id TEXT COLLATE "C" NOT NULL REFERENCES project (id) ON DELETE CASCADE,
  words TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (field, project_id)
);
CREATE INDEX project_words_project ON project_words (project_id);
-- A list that somebody keeps: its address without the place in it.
CREATE TABLE project_view (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  owner_id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  query TEXT COLLATE "C" NOT NULL,
  shared BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (owner_id, name_key)
);
CREATE INDEX project_view_shared ON project_view (name_key, id) WHERE shared = TRUE;
-- The columns that a person wants when the address names none.
CREATE TABLE project_columns (
  person_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  columns TEXT COLLATE "C" NOT NULL
);

-- +goose Down
SELECT 1;
