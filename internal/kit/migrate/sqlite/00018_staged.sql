-- +goose Up
-- How far a job has come, in things that it counts.
ALTER TABLE job ADD COLUMN done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN total INTEGER NOT NULL DEFAULT 0;
-- An uploaded file lies in parts, so that nobody has to hold it whole.
CREATE TABLE transfer_part (
  upload_id TEXT NOT NULL REFERENCES transfer_upload (id) ON DELETE CASCADE,
  starts_at INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (upload_id, starts_at)
) STRICT;
INSERT INTO transfer_part (upload_id, starts_at, content) SELECT id, 0, content FROM transfer_upload;
ALTER TABLE transfer_upload ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
UPDATE transfer_upload SET size = length(content);
ALTER TABLE transfer_upload DROP COLUMN content;
-- What was said about the file, what became of it, and which jobs see to it.
ALTER TABLE transfer_upload ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting';
ALTER TABLE transfer_upload ADD COLUMN behind INTEGER NOT NULL DEFAULT 0 CHECK (behind IN (0, 1));
ALTER TABLE transfer_upload ADD COLUMN run INTEGER NOT NULL DEFAULT 0;
ALTER TABLE transfer_upload ADD COLUMN as_at TEXT NOT NULL DEFAULT '';
ALTER TABLE transfer_upload ADD COLUMN good_only INTEGER NOT NULL DEFAULT 0 CHECK (good_only IN (0, 1));
ALTER TABLE transfer_upload ADD COLUMN wish TEXT NOT NULL DEFAULT '';
ALTER TABLE transfer_upload ADD COLUMN fixes TEXT NOT NULL DEFAULT '';
ALTER TABLE transfer_upload ADD COLUMN outcome BLOB;
ALTER TABLE transfer_upload ADD COLUMN problem TEXT NOT NULL DEFAULT '';
ALTER TABLE transfer_upload ADD COLUMN import_id TEXT NOT NULL DEFAULT '';
-- Cells that a person corrected before the import: the file says something else.
CREATE TABLE transfer_fix (
  import_id TEXT NOT NULL REFERENCES transfer_import (id),
  place INTEGER NOT NULL,
  header TEXT NOT NULL,
  field TEXT NOT NULL,
  record_id TEXT NOT NULL,
  said TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (import_id, place, header)
) STRICT;
CREATE INDEX transfer_fix_record ON transfer_fix (record_id);
CREATE VIEW v_import_fix AS
  SELECT import_id, record_id, field FROM transfer_fix;

-- +goose Down
SELECT 1;
