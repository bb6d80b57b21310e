-- +goose Up
-- The fields that an organisation keeps beside those that Cairn knows. Retired, never deleted: history names them.
CREATE TABLE custom_field (
  id TEXT NOT NULL PRIMARY KEY,
  label TEXT NOT NULL,
  label_key TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  choices TEXT NOT NULL,
  hint TEXT NOT NULL,
  sortable INTEGER NOT NULL CHECK (sortable IN (0, 1)),
  retired INTEGER NOT NULL CHECK (retired IN (0, 1)),
  position INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
-- Their values, as one JSON text on each stretch of history.
ALTER TABLE project_version ADD COLUMN custom TEXT NOT NULL DEFAULT '';
-- The fields marked sortable, of what holds now: one row per project and field, also where the value is missing.
CREATE TABLE project_custom_key (
  project_id TEXT NOT NULL REFERENCES project (id),
  field TEXT NOT NULL REFERENCES custom_field (id),
  sort_key TEXT NOT NULL,
  PRIMARY KEY (project_id, field)
) STRICT;
CREATE INDEX project_by_custom ON project_custom_key (field, sort_key, project_id);
-- Who stated it, and through which door. Empty: from before this was recorded.
ALTER TABLE project_statement ADD COLUMN actor_id TEXT NOT NULL DEFAULT '';
ALTER TABLE project_statement ADD COLUMN door TEXT NOT NULL DEFAULT '';
CREATE INDEX transfer_import_applied ON transfer_import (applied_at);
-- An import states in its own unit of work: the same moment and the same source.
UPDATE project_statement SET door = 'import',
  actor_id = COALESCE((SELECT MIN(i.person_id) FROM transfer_import i WHERE i.applied_at = project_statement.known_at AND i.source = project_statement.source), '')
  WHERE source <> '' AND EXISTS (SELECT 1 FROM transfer_import i WHERE i.applied_at = project_statement.known_at AND i.source = project_statement.source);
UPDATE project_statement SET door = 'report' WHERE source = 'report' AND door = '';
CREATE VIEW v_import AS
  SELECT id, file_name, source, applied_at FROM transfer_import;

-- +goose Down
SELECT 1;
