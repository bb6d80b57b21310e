-- +goose Up
-- Files by their content, each content once. It lies in parts, so that nobody
-- has to hold it whole; the hash is empty while it arrives.
CREATE TABLE blob (
  id TEXT NOT NULL PRIMARY KEY,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  put_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX blob_content ON blob (sha256) WHERE sha256 <> '';
CREATE INDEX blob_put ON blob (put_at);
CREATE TABLE blob_part (
  blob_id TEXT NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
  starts_at INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (blob_id, starts_at)
) STRICT;

-- A document of a project: one that the method asks for has its kind, one that
-- was added by hand has none. What stands here of its versions is what lists ask.
CREATE TABLE document (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL,
  kind_id TEXT NOT NULL,
  name TEXT NOT NULL,
  purpose TEXT NOT NULL,
  latest INTEGER NOT NULL,
  state TEXT NOT NULL,
  approved INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX document_kind ON document (project_id, kind_id) WHERE kind_id <> '';
CREATE INDEX document_project ON document (project_id, changed_at, id);
CREATE INDEX document_changed ON document (changed_at, id);
-- What a version says is never changed; only how it was decided about.
CREATE TABLE document_version (
  id TEXT NOT NULL PRIMARY KEY,
  document_id TEXT NOT NULL REFERENCES document (id),
  number INTEGER NOT NULL,
  form TEXT NOT NULL,
  body TEXT NOT NULL,
  file_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  checked TEXT NOT NULL,
  writer_id TEXT NOT NULL,
  written_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  asked TEXT NOT NULL,
  submitted_by TEXT NOT NULL,
  submitted_at INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  erased INTEGER NOT NULL CHECK (erased IN (0, 1)),
  UNIQUE (document_id, number)
) STRICT;
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
