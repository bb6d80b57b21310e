-- +goose Up
-- A report that is being written; nobody has submitted it.
CREATE TABLE report_draft (
  project_id TEXT NOT NULL,
  period TEXT NOT NULL,
  body TEXT NOT NULL,
  drafted_by TEXT NOT NULL,
  drafted_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (project_id, period)
) STRICT;
-- What was submitted, version by version, never changed.
CREATE TABLE report_version (
  project_id TEXT NOT NULL,
  period TEXT NOT NULL,
  number INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,
  submitted_by TEXT NOT NULL,
  submitted_at INTEGER NOT NULL,
  work_role TEXT NOT NULL,
  for_person_id TEXT NOT NULL,
  drafted_by TEXT NOT NULL,
  PRIMARY KEY (project_id, period, number)
) STRICT;
-- The newest version of each report, for lists and strips.
CREATE TABLE report (
  project_id TEXT NOT NULL,
  period TEXT NOT NULL,
  number INTEGER NOT NULL,
  declared TEXT NOT NULL,
  computed TEXT NOT NULL,
  submitted_by TEXT NOT NULL,
  submitted_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, period)
) STRICT;
CREATE INDEX report_period ON report (period, project_id);
CREATE VIEW v_report AS SELECT project_id, period, number, declared, computed, submitted_by, submitted_at FROM report;

-- +goose StatementBegin
CREATE TRIGGER report_version_no_update BEFORE UPDATE ON report_version
BEGIN SELECT RAISE(ABORT, 'a submitted report is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER report_version_no_delete BEFORE DELETE ON report_version
BEGIN SELECT RAISE(ABORT, 'a submitted report is never changed'); END;
-- +goose StatementEnd

-- +goose Down
SELECT 1;
