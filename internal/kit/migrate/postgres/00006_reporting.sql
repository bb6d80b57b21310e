-- +goose Up
-- A report that is being written; nobody has submitted it.
CREATE TABLE report_draft (
  project_id TEXT COLLATE "C" NOT NULL,
  period TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  drafted_by TEXT COLLATE "C" NOT NULL,
  drafted_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (project_id, period)
);
-- What was submitted, version by version, never changed.
CREATE TABLE report_version (
  project_id TEXT COLLATE "C" NOT NULL,
  period TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL UNIQUE,
  body TEXT COLLATE "C" NOT NULL,
  submitted_by TEXT COLLATE "C" NOT NULL,
  submitted_at BIGINT NOT NULL,
  work_role TEXT COLLATE "C" NOT NULL,
  for_person_id TEXT COLLATE "C" NOT NULL,
  drafted_by TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (project_id, period, number)
);
-- The newest version of each report, for lists and strips.
CREATE TABLE report (
  project_id TEXT COLLATE "C" NOT NULL,
  period TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  declared TEXT COLLATE "C" NOT NULL,
  computed TEXT COLLATE "C" NOT NULL,
  submitted_by TEXT COLLATE "C" NOT NULL,
  submitted_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, period)
);
CREATE INDEX report_period ON report (period, project_id);
CREATE VIEW v_report AS SELECT project_id, period, number, declared, computed, submitted_by, submitted_at FROM report;

-- +goose StatementBegin
CREATE FUNCTION report_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a submitted report is never changed'; END $$;
-- +goose StatementEnd
CREATE TRIGGER report_version_no_change BEFORE UPDATE OR DELETE ON report_version FOR EACH ROW EXECUTE FUNCTION report_version_stays();
CREATE TRIGGER report_version_no_truncate BEFORE TRUNCATE ON report_version FOR EACH STATEMENT EXECUTE FUNCTION report_version_stays();

-- +goose Down
SELECT 1;
