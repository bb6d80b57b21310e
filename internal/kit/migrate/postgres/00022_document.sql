-- +goose Up
-- Files by their content, each content once. It lies in parts, so that nobody
-- has to hold it whole; the hash is empty while it arrives.
CREATE TABLE blob (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  sha256 TEXT COLLATE "C" NOT NULL,
  size BIGINT NOT NULL,
  put_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX blob_content ON blob (sha256) WHERE sha256 <> '';
CREATE INDEX blob_put ON blob (put_at);
CREATE TABLE blob_part (
  blob_id TEXT COLLATE "C" NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
  starts_at BIGINT NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (blob_id, starts_at)
);

-- A document of a project: one that the method asks for has its kind, one that
-- was added by hand has none. What stands here of its versions is what lists ask.
CREATE TABLE document (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  project_id TEXT COLLATE "C" NOT NULL,
  kind_id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  purpose TEXT COLLATE "C" NOT NULL,
  latest BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  approved BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX document_kind ON document (project_id, kind_id) WHERE kind_id <> '';
CREATE INDEX document_project ON document (project_id, changed_at, id);
CREATE INDEX document_changed ON document (changed_at, id);
-- What a version says is never changed; only how it was decided about.
CREATE TABLE document_version (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  document_id TEXT COLLATE "C" NOT NULL REFERENCES document (id),
  number BIGINT NOT NULL,
  form TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  file_name TEXT COLLATE "C" NOT NULL,
  media_type TEXT COLLATE "C" NOT NULL,
  size BIGINT NOT NULL,
  sha256 TEXT COLLATE "C" NOT NULL,
  checked TEXT COLLATE "C" NOT NULL,
  writer_id TEXT COLLATE "C" NOT NULL,
  written_at BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  asked TEXT COLLATE "C" NOT NULL,
  submitted_by TEXT COLLATE "C" NOT NULL,
  submitted_at BIGINT NOT NULL,
  decided_by TEXT COLLATE "C" NOT NULL,
  decided_at BIGINT NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  erased BOOLEAN NOT NULL,
  UNIQUE (document_id, number)
);
CREATE INDEX document_version_content ON document_version (sha256);
CREATE INDEX document_version_writer ON document_version (writer_id);
CREATE INDEX document_version_waits ON document_version (submitted_at, id) WHERE state = 'submitted';
-- The version of a document that counts: the last approved one, else the latest.
CREATE VIEW v_document AS
  SELECT d.id, d.project_id, d.kind_id, d.name, v.number AS version, v.state, v.decided_at AS approved_at, v.decided_by AS approved_by, v.sha256
  FROM document d JOIN document_version v ON v.document_id = d.id AND v.number = d.approved
  WHERE d.approved > 0
  UNION ALL
  SELECT d.id, d.project_id, d.kind_id, d.name, v.number AS version, v.state, 0 AS approved_at, '' AS approved_by, v.sha256
  FROM document d JOIN document_version v ON v.document_id = d.id AND v.number = d.latest
  WHERE d.approved = 0;

-- +goose Down
SELECT 1;
