-- +goose Up
-- Who turned their career on. No row: nothing is derived about them.
CREATE TABLE career_choice (
  person_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES person (id),
  since BIGINT NOT NULL
);
-- What a person says of the years before Cairn: their own word.
CREATE TABLE career_past (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  organisation TEXT COLLATE "C" NOT NULL,
  post TEXT COLLATE "C" NOT NULL,
  from_on TEXT COLLATE "C" NOT NULL,
  to_on TEXT COLLATE "C" NOT NULL,
  projects BIGINT NOT NULL,
  scale TEXT COLLATE "C" NOT NULL,
  work_role TEXT COLLATE "C" NOT NULL
);
CREATE INDEX career_past_person ON career_past (person_id, from_on, id);
-- What the record says that a person took part in, derived by cursor and only
-- for those who turned it on; it can be derived again from the beginning.
CREATE TABLE career_item (
  person_id TEXT COLLATE "C" NOT NULL,
  item_key TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  work_role TEXT COLLATE "C" NOT NULL,
  origin TEXT COLLATE "C" NOT NULL,
  project_id TEXT COLLATE "C" NOT NULL,
  from_on TEXT COLLATE "C" NOT NULL,
  to_on TEXT COLLATE "C" NOT NULL,
  subject_kind TEXT COLLATE "C" NOT NULL,
  subject_id TEXT COLLATE "C" NOT NULL,
  detail TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (person_id, item_key)
);

-- +goose Down
SELECT 1;
