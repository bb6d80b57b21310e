-- +goose Up
-- A statement belongs to a batch (an import, a bulk edit), and a retracted one
-- no longer counts. Nothing is deleted: 0 stands, otherwise the moment of the retraction.
ALTER TABLE project_statement ADD COLUMN batch TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE project_statement ADD COLUMN retracted_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX statement_batch ON project_statement (batch, project_id, seq) WHERE batch <> '';
-- A project whose import was undone. It has no rectangle that is known now, so
-- that every list leaves it out by itself; the key finds it when its file comes again.
ALTER TABLE project ADD COLUMN withdrawn_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE project ADD COLUMN withdrawn_by TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE project ADD COLUMN withdrawn_key TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX project_withdrawn ON project (withdrawn_key, id) WHERE withdrawn_at <> 0;
-- What a batch did beside its statements, with what stood before and after:
-- projects added, assignments made and dated, flags, ids of the source.
CREATE TABLE batch_effect (
  batch TEXT COLLATE "C" NOT NULL,
  project_id TEXT COLLATE "C" NOT NULL REFERENCES project (id),
  kind TEXT COLLATE "C" NOT NULL,
  subject_id TEXT COLLATE "C" NOT NULL,
  was TEXT COLLATE "C" NOT NULL,
  became TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (batch, project_id, kind, subject_id)
);
CREATE INDEX batch_effect_subject ON batch_effect (kind, subject_id);
-- What was undone: once, and by whom.
CREATE TABLE batch_undone (
  batch TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL,
  undone_at BIGINT NOT NULL,
  restored BIGINT NOT NULL,
  kept BIGINT NOT NULL,
  withdrawn BIGINT NOT NULL,
  with_work BIGINT NOT NULL,
  assignments BIGINT NOT NULL
);
-- One change to many projects.
CREATE TABLE bulk_edit (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL,
  field TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  as_at TEXT COLLATE "C" NOT NULL,
  changed BIGINT NOT NULL,
  unchanged BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  applied_at BIGINT NOT NULL
);
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
