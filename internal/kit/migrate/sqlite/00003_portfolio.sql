-- +goose Up
CREATE TABLE portfolio (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL,
  purpose TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE TABLE programme (
  id TEXT NOT NULL PRIMARY KEY,
  portfolio_id TEXT NOT NULL REFERENCES portfolio (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  code TEXT NOT NULL,
  purpose TEXT NOT NULL,
  version INTEGER NOT NULL,
  UNIQUE (portfolio_id, name_key)
) STRICT;
CREATE TABLE project (
  id TEXT NOT NULL PRIMARY KEY,
  confidential INTEGER NOT NULL CHECK (confidential IN (0, 1)),
  vanished_from TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX project_vanished ON project (id) WHERE vanished_from <> '';
-- What a source calls the project.
CREATE TABLE project_source (
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  project_id TEXT NOT NULL REFERENCES project (id),
  PRIMARY KEY (source, source_id)
) STRICT;
CREATE INDEX project_source_project ON project_source (project_id);
-- The truth: who said what about which date, and when Cairn learnt it.
CREATE TABLE project_statement (
  project_id TEXT NOT NULL REFERENCES project (id),
  seq INTEGER NOT NULL,
  as_at TEXT NOT NULL,
  known_at INTEGER NOT NULL,
  facts TEXT NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (project_id, seq)
) STRICT;
-- The truth as rectangles of valid time by known time, so that a list of any
-- past date is one query. Rebuilt from the statements.
CREATE TABLE project_version (
  project_id TEXT NOT NULL REFERENCES project (id),
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  known_from INTEGER NOT NULL,
  known_to INTEGER NOT NULL,
  is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
  name TEXT NOT NULL,
  code TEXT NOT NULL,
  parent_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  category TEXT NOT NULL,
  org_unit TEXT NOT NULL,
  phase TEXT NOT NULL,
  status TEXT NOT NULL,
  baseline_start TEXT NOT NULL,
  baseline_end TEXT NOT NULL,
  forecast_start TEXT NOT NULL,
  forecast_end TEXT NOT NULL,
  actual_start TEXT NOT NULL,
  actual_end TEXT NOT NULL,
  currency TEXT NOT NULL,
  budget INTEGER,
  forecast INTEGER,
  actual INTEGER,
  rating TEXT NOT NULL,
  rating_scale TEXT NOT NULL,
  rating_note TEXT NOT NULL,
  notes TEXT NOT NULL,
  missing TEXT NOT NULL,
  name_key TEXT NOT NULL,
  code_key TEXT NOT NULL,
  category_key TEXT NOT NULL,
  org_unit_key TEXT NOT NULL,
  phase_key TEXT NOT NULL,
  status_key TEXT NOT NULL,
  end_key TEXT NOT NULL,
  budget_key TEXT NOT NULL,
  rating_key TEXT NOT NULL,
  PRIMARY KEY (project_id, valid_from, known_from)
) STRICT;
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
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES project (id),
  person_id TEXT NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL,
  for_person_id TEXT NOT NULL,
  work_role TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  origin TEXT NOT NULL,
  source TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
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
