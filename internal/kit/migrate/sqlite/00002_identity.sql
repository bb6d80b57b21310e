-- +goose Up
CREATE TABLE person (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  job_title TEXT NOT NULL,
  org_unit TEXT NOT NULL,
  left_on TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX person_name ON person (name_key, id);
CREATE UNIQUE INDEX person_email ON person (email_key) WHERE email_key <> '';
CREATE TABLE account (
  person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
  role TEXT NOT NULL,
  password TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;
CREATE TABLE one_time_link (
  hash BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  person_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) STRICT;
CREATE TABLE session (
  hash BLOB NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_person ON session (person_id);
CREATE TABLE rate_limit (
  bucket BLOB NOT NULL PRIMARY KEY,
  began_at INTEGER NOT NULL,
  tries INTEGER NOT NULL
) STRICT;
CREATE TABLE api_token (
  id TEXT NOT NULL PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  person_id TEXT NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX api_token_person ON api_token (person_id, id);
CREATE VIEW v_person AS
  SELECT p.id, p.name, p.name_key, p.job_title, p.org_unit, p.left_on, a.person_id IS NOT NULL AS has_account
  FROM person p LEFT JOIN account a ON a.person_id = p.id;

-- +goose Down
SELECT 1;
