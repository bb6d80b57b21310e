-- +goose Up
-- How the files of a source are read, remembered by name.
CREATE TABLE transfer_profile (
  name_key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  plan TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
-- A file that somebody uploaded and has not applied yet, with the plan as far
-- as they have come.
CREATE TABLE transfer_upload (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL,
  file_name TEXT COLLATE "C" NOT NULL,
  sha256 TEXT COLLATE "C" NOT NULL,
  content BYTEA NOT NULL,
  plan TEXT COLLATE "C" NOT NULL,
  uploaded_at BIGINT NOT NULL
);
CREATE INDEX transfer_upload_person ON transfer_upload (person_id, uploaded_at);
-- What was applied.
CREATE TABLE transfer_import (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL,
  file_name TEXT COLLATE "C" NOT NULL,
  sha256 TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  as_at TEXT COLLATE "C" NOT NULL,
  rows_read BIGINT NOT NULL,
  created BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  unchanged BIGINT NOT NULL,
  vanished BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  refused_rows TEXT COLLATE "C" NOT NULL,
  applied_at BIGINT NOT NULL
);
CREATE INDEX transfer_import_at ON transfer_import (applied_at, id);

-- +goose Down
SELECT 1;
