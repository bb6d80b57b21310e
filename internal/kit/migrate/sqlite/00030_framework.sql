-- +goose Up
-- A published version of the career framework: one text, never changed. The newest
-- is in force; a standing can be computed by an older one.
CREATE TABLE framework_version (
  id TEXT NOT NULL PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  framework_id TEXT NOT NULL,
  title TEXT NOT NULL,
  content TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  based_on TEXT NOT NULL,
  changes TEXT NOT NULL,
  published_by TEXT NOT NULL,
  published_at INTEGER NOT NULL
) STRICT;
-- The next version while it is being written: one at a time.
CREATE TABLE framework_draft (
  slot TEXT NOT NULL PRIMARY KEY CHECK (slot = 'next'),
  based_on TEXT NOT NULL,
  content TEXT NOT NULL,
  changes TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER framework_version_no_update BEFORE UPDATE ON framework_version
BEGIN SELECT RAISE(ABORT, 'a published framework is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER framework_version_no_delete BEFORE DELETE ON framework_version
BEGIN SELECT RAISE(ABORT, 'a published framework is never changed'); END;
-- +goose StatementEnd

-- +goose Down
SELECT 1;
