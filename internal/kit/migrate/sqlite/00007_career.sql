-- +goose Up
-- Who turned their career on. No row: nothing is derived about them.
CREATE TABLE career_choice (
  person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
  since INTEGER NOT NULL
) STRICT;
-- What a person says of the years before Cairn: their own word.
CREATE TABLE career_past (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  organisation TEXT NOT NULL,
  post TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  projects INTEGER NOT NULL,
  scale TEXT NOT NULL,
  work_role TEXT NOT NULL
) STRICT;
CREATE INDEX career_past_person ON career_past (person_id, from_on, id);
-- What the record says that a person took part in, derived by cursor and only
-- for those who turned it on; it can be derived again from the beginning.
CREATE TABLE career_item (
  person_id TEXT NOT NULL,
  item_key TEXT NOT NULL,
  kind TEXT NOT NULL,
  work_role TEXT NOT NULL,
  origin TEXT NOT NULL,
  project_id TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  detail TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (person_id, item_key)
) STRICT;

-- +goose Down
SELECT 1;
