-- +goose Up
-- Visibility: the tree of portfolios, programmes and projects, and who holds which role where.
CREATE TABLE node (
  id TEXT NOT NULL PRIMARY KEY,
  parent_id TEXT NOT NULL,
  marked INTEGER NOT NULL CHECK (marked IN (0, 1)),
  confidential INTEGER NOT NULL CHECK (confidential IN (0, 1))
) STRICT;
CREATE TABLE node_closure (
  ancestor_id TEXT NOT NULL,
  descendant_id TEXT NOT NULL,
  PRIMARY KEY (ancestor_id, descendant_id)
) STRICT;
CREATE INDEX node_closure_down ON node_closure (descendant_id, ancestor_id);
CREATE INDEX node_confidential ON node (id) WHERE confidential = TRUE;
CREATE TABLE node_grant (
  source_id TEXT NOT NULL PRIMARY KEY,
  node_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  role TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL
) STRICT;
CREATE INDEX node_grant_person ON node_grant (person_id, node_id);
CREATE INDEX node_grant_node ON node_grant (node_id, person_id);

-- The activity record: one chain, append-only.
CREATE TABLE activity_head (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;
INSERT INTO activity_head (id, seq, hash) VALUES (1, 0, x'');
CREATE TABLE activity (
  seq INTEGER NOT NULL PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  verb TEXT NOT NULL,
  version INTEGER NOT NULL,
  actor_id TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  audience TEXT NOT NULL,
  digest BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX activity_subject ON activity (subject_kind, subject_id, seq);
CREATE INDEX activity_project ON activity (project_id, seq);
CREATE INDEX activity_actor ON activity (actor_id, seq);
CREATE TABLE activity_payload (
  seq INTEGER NOT NULL PRIMARY KEY,
  salt BLOB NOT NULL,
  payload TEXT NOT NULL
) STRICT;
CREATE TABLE activity_participant (
  seq INTEGER NOT NULL,
  person_id TEXT NOT NULL,
  role TEXT NOT NULL,
  for_person_id TEXT NOT NULL,
  PRIMARY KEY (seq, person_id, role)
) STRICT;
CREATE INDEX activity_participant_person ON activity_participant (person_id, seq);
CREATE TABLE activity_erasure (
  seq INTEGER NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT;
CREATE TABLE activity_cursor (
  reader TEXT NOT NULL PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER activity_no_update BEFORE UPDATE ON activity
BEGIN SELECT RAISE(ABORT, 'the activity record is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER activity_no_delete BEFORE DELETE ON activity
BEGIN SELECT RAISE(ABORT, 'the activity record is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER activity_payload_no_update BEFORE UPDATE ON activity_payload
BEGIN SELECT RAISE(ABORT, 'the activity record is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER activity_payload_no_delete BEFORE DELETE ON activity_payload
WHEN NOT EXISTS (SELECT 1 FROM activity_erasure e WHERE e.seq = OLD.seq)
BEGIN SELECT RAISE(ABORT, 'only an erasure removes a payload'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER activity_head_no_delete BEFORE DELETE ON activity_head
BEGIN SELECT RAISE(ABORT, 'the activity record is append-only'); END;
-- +goose StatementEnd

-- +goose Down
SELECT 1;
