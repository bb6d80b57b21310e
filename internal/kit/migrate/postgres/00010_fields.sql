-- +goose Up
-- The fields that an organisation keeps beside those that Cairn knows. Retired, never deleted: history names them.
CREATE TABLE custom_field (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  label TEXT COLLATE "C" NOT NULL,
  label_key TEXT COLLATE "C" NOT NULL UNIQUE,
  type TEXT COLLATE "C" NOT NULL,
  choices TEXT COLLATE "C" NOT NULL,
  hint TEXT COLLATE "C" NOT NULL,
  sortable BOOLEAN NOT NULL,
  retired BOOLEAN NOT NULL,
  position BIGINT NOT NULL,
  version BIGINT NOT NULL
);
-- Their values, as one JSON text on each stretch of history.
ALTER TABLE project_version ADD COLUMN custom TEXT COLLATE "C" NOT NULL DEFAULT '';
-- The fields marked sortable, of what holds now: one row per project and field, also where the value is missing.
CREATE TABLE project_custom_key (
  project_id TEXT COLLATE "C" NOT NULL REFERENCES project (id),
  field TEXT COLLATE "C" NOT NULL REFERENCES custom_field (id),
  sort_key TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (project_id, field)
);
CREATE INDEX project_by_custom ON project_custom_key (field, sort_key, project_id);
-- Who stated it, and through which door. Empty: from before this was recorded.
ALTER TABLE project_statement ADD COLUMN actor_id TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE project_statement ADD COLUMN door TEXT COLLATE "C" NOT NULL DEFAULT '';
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
