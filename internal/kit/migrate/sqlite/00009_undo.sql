-- +goose Up
-- A statement belongs to a batch (an import, a bulk edit), and a retracted one
-- no longer counts. Nothing is deleted: 0 stands, otherwise the moment of the retraction.
ALTER TABLE project_statement ADD COLUMN batch TEXT NOT NULL DEFAULT '';
ALTER TABLE project_statement ADD COLUMN retracted_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX statement_batch ON project_statement (batch, project_id, seq) WHERE batch <> '';
-- A project whose import was undone. It has no rectangle that is known now, so
-- that every list leaves it out by itself; the key finds it when its file comes again.
ALTER TABLE project ADD COLUMN withdrawn_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE project ADD COLUMN withdrawn_by TEXT NOT NULL DEFAULT '';
ALTER TABLE project ADD COLUMN withdrawn_key TEXT NOT NULL DEFAULT '';
CREATE INDEX project_withdrawn ON project (withdrawn_key, id) WHERE withdrawn_at <> 0;
-- What a batch did beside its statements, with what stood before and after:
-- projects added, assignments made and dated, flags, ids of the source.
CREATE TABLE batch_effect (
  batch TEXT NOT NULL,
  project_id TEXT NOT NULL REFERENCES project (id),
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  was TEXT NOT NULL,
  became TEXT NOT NULL,
  version INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  PRIMARY KEY (batch, project_id, kind, subject_id)
) STRICT;
CREATE INDEX batch_effect_subject ON batch_effect (kind, subject_id);
-- What was undone: once, and by whom.
CREATE TABLE batch_undone (
  batch TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL,
  undone_at INTEGER NOT NULL,
  restored INTEGER NOT NULL,
  kept INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL,
  with_work INTEGER NOT NULL,
  assignments INTEGER NOT NULL
) STRICT;
-- One change to many projects.
CREATE TABLE bulk_edit (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  as_at TEXT NOT NULL,
  changed INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT;
CREATE INDEX bulk_edit_person ON bulk_edit (person_id, id);

CREATE VIEW v_batch_undone AS
  SELECT batch, person_id, undone_at, restored, kept, withdrawn, with_work, assignments FROM batch_undone;
-- History needs the name of a withdrawn project too: the last that it had.
DROP VIEW v_project_name;
CREATE VIEW v_project_name AS
  SELECT q.id,
    COALESCE((SELECT v.name FROM project_version v WHERE v.project_id = q.id ORDER BY v.is_current DESC, v.known_to DESC, v.valid_to DESC LIMIT 1), '') AS name,
    COALESCE((SELECT v.status FROM project_version v WHERE v.project_id = q.id ORDER BY v.is_current DESC, v.known_to DESC, v.valid_to DESC LIMIT 1), '') AS status
  FROM project q;

-- +goose Down
SELECT 1;
