-- +goose Up
-- How the files of a source are read, remembered by name.
CREATE TABLE transfer_profile (
  name_key TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  plan TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
-- A file that somebody uploaded and has not applied yet, with the plan as far
-- as they have come.
CREATE TABLE transfer_upload (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  content BLOB NOT NULL,
  plan TEXT NOT NULL,
  uploaded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX transfer_upload_person ON transfer_upload (person_id, uploaded_at);
-- What was applied.
CREATE TABLE transfer_import (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  source TEXT NOT NULL,
  as_at TEXT NOT NULL,
  rows_read INTEGER NOT NULL,
  created INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  vanished INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  refused_rows TEXT NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT;
CREATE INDEX transfer_import_at ON transfer_import (applied_at, id);

-- +goose Down
SELECT 1;
