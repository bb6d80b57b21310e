-- +goose Up
-- One period of a scheme that a person keeps a learning record for, with the
-- targets and limits that hold in it.
CREATE TABLE cpd_cycle (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  scheme_id TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  definition TEXT NOT NULL,
  statement TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX cpd_cycle_person ON cpd_cycle (person_id, to_on, id);
CREATE TABLE cpd_entry (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  minutes INTEGER NOT NULL,
  title TEXT NOT NULL,
  provider TEXT NOT NULL,
  proof TEXT NOT NULL,
  reflection TEXT NOT NULL,
  places TEXT NOT NULL,
  source TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX cpd_entry_person ON cpd_entry (person_id, to_on, id);
CREATE UNIQUE INDEX cpd_entry_source ON cpd_entry (person_id, source) WHERE source <> '';
-- What the record proposed and the person does not want.
CREATE TABLE cpd_dropped (
  person_id TEXT NOT NULL REFERENCES person (id),
  source TEXT NOT NULL,
  PRIMARY KEY (person_id, source)
) STRICT;
-- Who turned their career on: for nobody else anything is proposed.
CREATE VIEW v_career_on AS SELECT person_id FROM career_choice;
-- What people took part in, without what it says; what one person alone may read is
-- left out.
CREATE VIEW v_took_part AS
  SELECT p.person_id, p.role, a.seq, a.at, a.verb, a.subject_id, a.project_id
  FROM activity_participant p JOIN activity a ON a.seq = p.seq WHERE a.audience = '';
CREATE VIEW v_case_answer AS SELECT id, case_id FROM case_answer;

-- +goose Down
SELECT 1;
