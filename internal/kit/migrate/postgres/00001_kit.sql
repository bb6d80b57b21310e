-- +goose Up
-- Visibility: the tree of portfolios, programmes and projects, and who holds which role where.
CREATE TABLE node (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  parent_id TEXT COLLATE "C" NOT NULL,
  marked BOOLEAN NOT NULL,
  confidential BOOLEAN NOT NULL
);
CREATE TABLE node_closure (
  ancestor_id TEXT COLLATE "C" NOT NULL,
  descendant_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (ancestor_id, descendant_id)
);
CREATE INDEX node_closure_down ON node_closure (descendant_id, ancestor_id);
CREATE INDEX node_confidential ON node (id) WHERE confidential = TRUE;
CREATE TABLE node_grant (
  source_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  node_id TEXT COLLATE "C" NOT NULL,
  person_id TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL,
  from_on TEXT COLLATE "C" NOT NULL,
  to_on TEXT COLLATE "C" NOT NULL
);
CREATE INDEX node_grant_person ON node_grant (person_id, node_id);
CREATE INDEX node_grant_node ON node_grant (node_id, person_id);

-- The activity record: one chain, append-only.
CREATE TABLE activity_head (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  seq BIGINT NOT NULL,
  hash BYTEA NOT NULL
);
INSERT INTO activity_head (id, seq, hash) VALUES (1, 0, '');
CREATE TABLE activity (
  seq BIGINT NOT NULL PRIMARY KEY,
  id TEXT COLLATE "C" NOT NULL UNIQUE,
  at BIGINT NOT NULL,
  verb TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  actor_id TEXT COLLATE "C" NOT NULL,
  subject_kind TEXT COLLATE "C" NOT NULL,
  subject_id TEXT COLLATE "C" NOT NULL,
  project_id TEXT COLLATE "C" NOT NULL,
  audience TEXT COLLATE "C" NOT NULL,
  digest BYTEA NOT NULL,
  hash BYTEA NOT NULL
);
CREATE INDEX activity_subject ON activity (subject_kind, subject_id, seq);
CREATE INDEX activity_project ON activity (project_id, seq);
CREATE INDEX activity_actor ON activity (actor_id, seq);
CREATE TABLE activity_payload (
  seq BIGINT NOT NULL PRIMARY KEY,
  salt BYTEA NOT NULL,
  payload TEXT COLLATE "C" NOT NULL
);
CREATE TABLE activity_participant (
  seq BIGINT NOT NULL,
  person_id TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL,
  for_person_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (seq, person_id, role)
);
CREATE INDEX activity_participant_person ON activity_participant (person_id, seq);
CREATE TABLE activity_erasure (
  seq BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
);
CREATE TABLE activity_cursor (
  reader TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL
);

-- +goose StatementBegin
CREATE FUNCTION activity_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the activity record is append-only'; END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION activity_payload_erase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM activity_erasure e WHERE e.seq = OLD.seq) THEN
    RAISE EXCEPTION 'only an erasure removes a payload';
  END IF;
  RETURN OLD;
END $$;
-- +goose StatementEnd
CREATE TRIGGER activity_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON activity
  FOR EACH STATEMENT EXECUTE FUNCTION activity_refuse();
CREATE TRIGGER activity_payload_no_update BEFORE UPDATE OR TRUNCATE ON activity_payload
  FOR EACH STATEMENT EXECUTE FUNCTION activity_refuse();
CREATE TRIGGER activity_payload_no_delete BEFORE DELETE ON activity_payload
  FOR EACH ROW EXECUTE FUNCTION activity_payload_erase();
CREATE TRIGGER activity_head_no_delete BEFORE DELETE OR TRUNCATE ON activity_head
  FOR EACH STATEMENT EXECUTE FUNCTION activity_refuse();

-- +goose Down
SELECT 1;
