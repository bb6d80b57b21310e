-- +goose Up
-- How far a job has come, in things that it counts.
ALTER TABLE job ADD COLUMN done BIGINT NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN total BIGINT NOT NULL DEFAULT 0;
-- An uploaded file lies in parts, so that nobody has to hold it whole.
CREATE TABLE transfer_part (
  upload_id TEXT COLLATE "C" NOT NULL REFERENCES transfer_upload (id) ON DELETE CASCADE,
  starts_at BIGINT NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (upload_id, starts_at)
);
INSERT INTO transfer_part (upload_id, starts_at, content) SELECT id, 0, content FROM transfer_upload;
ALTER TABLE transfer_upload ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
UPDATE transfer_upload SET size = length(content);
ALTER TABLE transfer_upload DROP COLUMN content;
-- What was said about the file, what became of it, and which jobs see to it.
ALTER TABLE transfer_upload ADD COLUMN state TEXT COLLATE "C" NOT NULL DEFAULT 'waiting';
ALTER TABLE transfer_upload ADD COLUMN behind BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE transfer_upload ADD COLUMN run BIGINT NOT NULL DEFAULT 0;
ALTER TABLE transfer_upload ADD COLUMN as_at TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE transfer_upload ADD COLUMN good_only BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE transfer_upload ADD COLUMN wish TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE transfer_upload ADD COLUMN fixes TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE transfer_upload ADD COLUMN outcome BYTEA;
ALTER TABLE transfer_upload ADD COLUMN problem TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE transfer_upload ADD COLUMN import_id TEXT COLLATE "C" NOT NULL DEFAULT '';
-- Cells that a person corrected before the import: the file says something else.
CREATE TABLE transfer_fix (
  import_id TEXT COLLATE "C" NOT NULL REFERENCES transfer_import (id),
  place BIGINT NOT NULL,
  header TEXT COLLATE "C" NOT NULL,
  field TEXT COLLATE "C" NOT NULL,
  record_id TEXT COLLATE "C" NOT NULL,
  said TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (import_id, place, header)
);
CREATE INDEX transfer_fix_record ON transfer_fix (record_id);
CREATE VIEW v_import_fix AS
  SELECT import_id, record_id, field FROM transfer_fix;

-- +goose Down
SELECT 1;
