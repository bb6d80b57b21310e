-- +goose Up
CREATE TABLE person (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  email TEXT COLLATE "C" NOT NULL,
  email_key TEXT COLLATE "C" NOT NULL,
  job_title TEXT COLLATE "C" NOT NULL,
  org_unit TEXT COLLATE "C" NOT NULL,
  left_on TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX person_name ON person (name_key, id);
CREATE UNIQUE INDEX person_email ON person (email_key) WHERE email_key <> '';
CREATE TABLE account (
  person_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES person (id),
  role TEXT COLLATE "C" NOT NULL,
  password TEXT COLLATE "C" NOT NULL,
  active BOOLEAN NOT NULL
);
CREATE TABLE one_time_link (
  hash BYTEA NOT NULL PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  person_id TEXT COLLATE "C" NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL
);
CREATE TABLE session (
  hash BYTEA NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);
CREATE INDEX session_person ON session (person_id);
CREATE TABLE rate_limit (
  bucket BYTEA NOT NULL PRIMARY KEY,
  began_at BIGINT NOT NULL,
  tries BIGINT NOT NULL
);
CREATE TABLE api_token (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  hash BYTEA NOT NULL UNIQUE,
  person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  name TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL
);
CREATE INDEX api_token_person ON api_token (person_id, id);
CREATE VIEW v_person AS
  SELECT p.id, p.name, p.name_key, p.job_title, p.org_unit, p.left_on, a.person_id IS NOT NULL AS has_account
  FROM person p LEFT JOIN account a ON a.person_id = p.id;

-- +goose Down
SELECT 1;
