-- +goose Up
CREATE TABLE portfolio (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL UNIQUE,
  code TEXT COLLATE "C" NOT NULL,
  purpose TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE TABLE programme (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  portfolio_id TEXT COLLATE "C" NOT NULL REFERENCES portfolio (id),
  name TEXT COLLATE "C" NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  purpose TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (portfolio_id, name_key)
);
CREATE TABLE project (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  confidential BOOLEAN NOT NULL,
  vanished_from TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX project_vanished ON project (id) WHERE vanished_from <> '';
-- What a source calls the project.
CREATE TABLE project_source (
  source TEXT COLLATE "C" NOT NULL,
  source_id TEXT COLLATE "C" NOT NULL,
  project_id TEXT COLLATE "C" NOT NULL REFERENCES project (id),
  PRIMARY KEY (source, source_id)
);
CREATE INDEX project_source_project ON project_source (project_id);
-- The truth: who said what about which date, and when Cairn learnt it.
CREATE TABLE project_statement (
  project_id TEXT COLLATE "C" NOT NULL REFERENCES project (id),
  seq BIGINT NOT NULL,
  as_at TEXT COLLATE "C" NOT NULL,
  known_at BIGINT NOT NULL,
  facts TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (project_id, seq)
);
-- The truth as rectangles of valid time by known time, so that a list of any
-- past date is one query. Rebuilt from the statements.
CREATE TABLE project_version (
  project_id TEXT COLLATE "C" NOT NULL REFERENCES project (id),
  valid_from TEXT COLLATE "C" NOT NULL,
  valid_to TEXT COLLATE "C" NOT NULL,
  known_from BIGINT NOT NULL,
  known_to BIGINT NOT NULL,
  is_current BOOLEAN NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  parent_id TEXT COLLATE "C" NOT NULL,
  purpose TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  org_unit TEXT COLLATE "C" NOT NULL,
  phase TEXT COLLATE "C" NOT NULL,
  status TEXT COLLATE "C" NOT NULL,
  baseline_start TEXT COLLATE "C" NOT NULL,
  baseline_end TEXT COLLATE "C" NOT NULL,
  forecast_start TEXT COLLATE "C" NOT NULL,
  forecast_end TEXT COLLATE "C" NOT NULL,
  actual_start TEXT COLLATE "C" NOT NULL,
  actual_end TEXT COLLATE "C" NOT NULL,
  currency TEXT COLLATE "C" NOT NULL,
  budget BIGINT,
  forecast BIGINT,
  actual BIGINT,
  rating TEXT COLLATE "C" NOT NULL,
  rating_scale TEXT COLLATE "C" NOT NULL,
  rating_note TEXT COLLATE "C" NOT NULL,
  notes TEXT COLLATE "C" NOT NULL,
  missing TEXT COLLATE "C" NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  code_key TEXT COLLATE "C" NOT NULL,
  category_key TEXT COLLATE "C" NOT NULL,
  org_unit_key TEXT COLLATE "C" NOT NULL,
  phase_key TEXT COLLATE "C" NOT NULL,
  status_key TEXT COLLATE "C" NOT NULL,
  end_key TEXT COLLATE "C" NOT NULL,
  budget_key TEXT COLLATE "C" NOT NULL,
  rating_key TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (project_id, valid_from, known_from)
);
CREATE UNIQUE INDEX project_current ON project_version (project_id) WHERE is_current = TRUE;
CREATE INDEX project_by_name ON project_version (name_key, project_id) WHERE is_current = TRUE;
CREATE INDEX project_by_code ON project_version (code_key, project_id) WHERE is_current = TRUE;
CREATE INDEX project_by_category ON project_version (category_key, project_id) WHERE is_current = TRUE;
CREATE INDEX project_by_org_unit ON project_version (org_unit_key, project_id) WHERE is_current = TRUE;
CREATE INDEX project_by_phase ON project_version (phase_key, project_id) WHERE is_current = TRUE;
CREATE INDEX project_by_status ON project_version (status_key, project_id) WHERE is_current = TRUE;
CREATE INDEX project_by_end ON project_version (end_key, project_id) WHERE is_current = TRUE;
CREATE INDEX project_by_budget ON project_version (budget_key, project_id) WHERE is_current = TRUE;
CREATE INDEX project_by_rating ON project_version (rating_key, project_id) WHERE is_current = TRUE;
CREATE INDEX project_by_parent ON project_version (parent_id, project_id) WHERE is_current = TRUE;
CREATE TABLE assignment (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  project_id TEXT COLLATE "C" NOT NULL REFERENCES project (id),
  person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  kind TEXT COLLATE "C" NOT NULL,
  for_person_id TEXT COLLATE "C" NOT NULL,
  work_role TEXT COLLATE "C" NOT NULL,
  from_on TEXT COLLATE "C" NOT NULL,
  to_on TEXT COLLATE "C" NOT NULL,
  origin TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX assignment_project ON assignment (project_id, kind, from_on);
CREATE INDEX assignment_person ON assignment (person_id, from_on);

CREATE VIEW v_project AS
  SELECT v.project_id AS id, v.name, v.name_key, v.code, v.parent_id, v.org_unit, v.phase, v.status, v.category,
    v.baseline_start, v.baseline_end, v.forecast_start, v.forecast_end, v.actual_start, v.actual_end,
    v.currency, v.budget, v.forecast, v.actual, v.rating, p.confidential, p.vanished_from, p.version
  FROM project_version v JOIN project p ON p.id = v.project_id WHERE v.is_current = TRUE;
-- The little that most others ask for, from one table: it can be joined from the left.
CREATE VIEW v_project_name AS
  SELECT project_id AS id, name, status FROM project_version WHERE is_current = TRUE;
CREATE VIEW v_assignment AS
  SELECT id, project_id, person_id, kind, for_person_id, work_role, from_on, to_on, origin FROM assignment;
CREATE VIEW v_project_rating AS
  SELECT project_id, valid_from, valid_to, rating, rating_scale FROM project_version WHERE known_to = 9223372036854775807;
CREATE VIEW v_programme AS
  SELECT g.id, g.name, g.name_key, g.portfolio_id, f.name AS portfolio_name FROM programme g JOIN portfolio f ON f.id = g.portfolio_id;

-- +goose Down
SELECT 1;
