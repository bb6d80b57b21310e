-- +goose Up
-- Gate decisions that a spreadsheet tells of: taken elsewhere, before they were
-- kept here. A date that was not taken has its row too, with why not. A later
-- file ends an earlier one's row, an undo takes rows back; nothing is deleted.
CREATE TABLE past_gate (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  batch TEXT COLLATE "C" NOT NULL,
  place BIGINT NOT NULL,
  project_id TEXT COLLATE "C" NOT NULL,
  gate_id TEXT COLLATE "C" NOT NULL,
  decided_on TEXT COLLATE "C" NOT NULL,
  decision TEXT COLLATE "C" NOT NULL,
  body_id TEXT COLLATE "C" NOT NULL,
  body_words TEXT COLLATE "C" NOT NULL,
  body_key TEXT COLLATE "C" NOT NULL,
  why_not TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  ended_by TEXT COLLATE "C" NOT NULL,
  taken_back_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX past_gate_stands ON past_gate (project_id, gate_id) WHERE why_not = '' AND ended_by = '' AND taken_back_at = 0;
CREATE INDEX past_gate_batch ON past_gate (batch, project_id, id);
CREATE INDEX past_gate_project ON past_gate (project_id, gate_id, recorded_at);
-- Which row of a project's method an import made, and which stood before it.
CREATE TABLE past_follow (
  batch TEXT COLLATE "C" NOT NULL,
  project_id TEXT COLLATE "C" NOT NULL,
  governed_id TEXT COLLATE "C" NOT NULL,
  before_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (batch, project_id)
);
CREATE TABLE past_undone (
  batch TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL,
  undone_at BIGINT NOT NULL,
  restored BIGINT NOT NULL,
  kept BIGINT NOT NULL,
  withdrawn BIGINT NOT NULL,
  with_work BIGINT NOT NULL,
  assignments BIGINT NOT NULL
);
-- What a file is brought in for: projects when it is empty.
ALTER TABLE transfer_upload ADD COLUMN kind TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE transfer_import ADD COLUMN kind TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX project_source_id ON project_source (source_id);

CREATE VIEW v_past_gate AS
  SELECT project_id, gate_id, decision, decided_on, body_id, batch, place FROM past_gate WHERE why_not = '' AND ended_by = '' AND taken_back_at = 0;
-- How files call a project: by the ids of sources, its code, its name.
CREATE VIEW v_project_source AS SELECT source, source_id, project_id FROM project_source;
CREATE VIEW v_project_key AS SELECT project_id, name, name_key, code_key FROM project_version WHERE is_current = TRUE;
DROP VIEW v_batch_undone;
CREATE VIEW v_batch_undone AS
  SELECT batch, person_id, undone_at, restored, kept, withdrawn, with_work, assignments FROM batch_undone
  UNION ALL
  SELECT batch, person_id, undone_at, restored, kept, withdrawn, with_work, assignments FROM past_undone;

-- +goose Down
SELECT 1;
