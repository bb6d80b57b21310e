-- +goose Up
-- What the organisation has settled. One row; an empty value leaves it open.
CREATE TABLE organisation (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,
  zone TEXT NOT NULL,
  currency TEXT NOT NULL,
  rating_scale TEXT NOT NULL,
  working_days TEXT NOT NULL,
  holidays TEXT NOT NULL,
  report_day INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
INSERT INTO organisation (id, name, zone, currency, rating_scale, working_days, holidays, report_day, version)
  VALUES (1, COALESCE((SELECT value FROM instance WHERE name = 'organisation'), ''), '', '', '', '12345', '', 5, 1);
CREATE VIEW v_organisation AS
  SELECT zone, currency, rating_scale, working_days, holidays, report_day FROM organisation WHERE id = 1;
-- What a person signed in with, in words, so that they know their own devices.
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
-- When a person was erased; the row stays, without anything of them, for what refers to it.
ALTER TABLE person ADD COLUMN erased_at INTEGER NOT NULL DEFAULT 0;
DROP VIEW v_person;
CREATE VIEW v_person AS
  SELECT p.id, p.name, p.name_key, p.job_title, p.org_unit, p.left_on,
    EXISTS (SELECT 1 FROM account a WHERE a.person_id = p.id) AS has_account, p.erased_at <> 0 AS erased
  FROM person p;
CREATE TABLE erasure_request (
  person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
  words TEXT NOT NULL,
  asked_at INTEGER NOT NULL
) STRICT;
-- Roles given on a portfolio or a programme, for all that lies below it.
CREATE TABLE node_role (
  id TEXT NOT NULL PRIMARY KEY,
  node_id TEXT NOT NULL REFERENCES node (id),
  person_id TEXT NOT NULL REFERENCES person (id),
  role TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX node_role_node ON node_role (node_id, from_on, id);
CREATE INDEX node_role_person ON node_role (person_id);

-- +goose Down
SELECT 1;
