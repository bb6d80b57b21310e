-- +goose Up
-- Two entries of the directory that were one person: which stayed, what the
-- other one said, and for 30 days which rows were moved, so that it can be undone.
CREATE TABLE person_merged (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  into_id TEXT NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  email TEXT NOT NULL,
  job_title TEXT NOT NULL,
  org_unit TEXT NOT NULL,
  left_on TEXT NOT NULL,
  gave TEXT NOT NULL,
  merged_by TEXT NOT NULL,
  merged_on TEXT NOT NULL,
  merged_at INTEGER NOT NULL,
  ended_by TEXT NOT NULL,
  ended_at INTEGER NOT NULL
) STRICT;
CREATE INDEX person_merged_name ON person_merged (name_key) WHERE ended_at = 0;
CREATE INDEX person_merged_into ON person_merged (into_id, merged_at);
CREATE INDEX person_merged_person ON person_merged (person_id);
CREATE TABLE person_moved (
  merge_id TEXT NOT NULL REFERENCES person_merged (id) ON DELETE CASCADE,
  place TEXT NOT NULL,
  row_key TEXT NOT NULL,
  PRIMARY KEY (merge_id, place, row_key)
) STRICT;
-- Where the record names this entry, somebody else's is meant. It bears their
-- name, so that whatever still holds its number shows them without a join.
ALTER TABLE person ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';
CREATE INDEX person_merged_away ON person (merged_into) WHERE merged_into <> '';
DROP VIEW v_person;
-- Nobody can be named by the number of an entry that was erased or merged away.
CREATE VIEW v_person AS
  SELECT p.id, p.name, p.name_key, p.job_title, p.org_unit, p.left_on,
    EXISTS (SELECT 1 FROM account a WHERE a.person_id = CASE WHEN p.merged_into = '' THEN p.id ELSE p.merged_into END) AS has_account,
    (p.erased_at <> 0 OR p.merged_into <> '') AS erased
  FROM person p;
CREATE VIEW v_merged AS
  SELECT p.id AS person_id, p.merged_into AS into_id FROM person p WHERE p.merged_into <> '';
DROP VIEW v_act;
CREATE VIEW v_act AS
  SELECT a.project_id, COALESCE((SELECT p.merged_into FROM person p WHERE p.id = a.actor_id AND p.merged_into <> ''), a.actor_id) AS actor_id, a.at
  FROM activity a WHERE a.audience = '';

-- +goose Down
SELECT 1;
