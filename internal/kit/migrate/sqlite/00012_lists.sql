-- +goose Up
-- Counts and sums of the register as it stands now, kept at write time. Hidden
-- are the projects that are confidential: a reader's total is what is not
-- hidden, and their own of what is.
CREATE TABLE project_tally (
  parent_id TEXT NOT NULL,
  live INTEGER NOT NULL CHECK (live IN (0, 1)),
  rating TEXT NOT NULL,
  currency TEXT NOT NULL,
  hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)),
  projects INTEGER NOT NULL,
  with_budget INTEGER NOT NULL,
  budget INTEGER NOT NULL,
  with_forecast INTEGER NOT NULL,
  forecast INTEGER NOT NULL,
  with_actual INTEGER NOT NULL,
  actual INTEGER NOT NULL,
  PRIMARY KEY (parent_id, live, rating, currency, hidden)
) STRICT;
-- The comparable form of the facts that have no key column of their own.
CREATE TABLE project_words (
  field TEXT NOT NULL,
  project_id TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
  words TEXT NOT NULL,
  PRIMARY KEY (field, project_id)
) STRICT;
CREATE INDEX project_words_project ON project_words (project_id);
-- A list that somebody keeps: its address without the place in it.
CREATE TABLE project_view (
  id TEXT NOT NULL PRIMARY KEY,
  owner_id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  query TEXT NOT NULL,
  shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
  version INTEGER NOT NULL,
  UNIQUE (owner_id, name_key)
) STRICT;
CREATE INDEX project_view_shared ON project_view (name_key, id) WHERE shared = TRUE;
-- The columns that a person wants when the address names none.
CREATE TABLE project_columns (
  person_id TEXT NOT NULL PRIMARY KEY,
  columns TEXT NOT NULL
) STRICT;

-- +goose Down
SELECT 1;
