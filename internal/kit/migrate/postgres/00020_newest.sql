-- +goose Up
-- Which report of a project is its newest is said when it is submitted, so that
-- nobody has to look for it among all of them.
ALTER TABLE report ADD COLUMN newest BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE report SET newest = TRUE WHERE period = (SELECT MAX(x.period) FROM report x WHERE x.project_id = report.project_id);
CREATE INDEX report_newest ON report (project_id, newest, declared, computed, period) WHERE newest = TRUE;
-- What the report of a month declares is read without the row.
CREATE INDEX report_said ON report (project_id, period, declared, computed, number);
-- The live projects alone, for what is asked about them: three of four are closed.
CREATE INDEX project_going ON project_version (project_id, is_current, status, actual_start, baseline_start, forecast_start, name_key, budget, forecast)
  WHERE is_current = TRUE AND status NOT IN ('Closed', 'Cancelled');
CREATE VIEW v_project_live AS
  SELECT project_id AS id, name_key, actual_start, baseline_start, forecast_start, budget, forecast
  FROM project_version WHERE is_current = TRUE AND status NOT IN ('Closed', 'Cancelled');
-- The name of a project that stands is that of its one current row; only for a
-- withdrawn one is the last that it had looked for.
DROP VIEW v_project_name;
CREATE VIEW v_project_name AS
  SELECT q.id,
    COALESCE((SELECT v.name FROM project_version v WHERE v.project_id = q.id AND v.is_current = TRUE),
      (SELECT v.name FROM project_version v WHERE v.project_id = q.id ORDER BY v.known_to DESC, v.valid_to DESC LIMIT 1), '') AS name,
    COALESCE((SELECT v.status FROM project_version v WHERE v.project_id = q.id AND v.is_current = TRUE),
      (SELECT v.status FROM project_version v WHERE v.project_id = q.id ORDER BY v.known_to DESC, v.valid_to DESC LIMIT 1), '') AS status
  FROM project q;
-- A standing reads what all pieces of work have in common, and who managed the
-- projects in that time, without the rows.
CREATE INDEX career_item_sum ON career_item (person_id, kind, work_role, origin, project_id, from_on, to_on, item_key);
DROP INDEX assignment_project;
CREATE INDEX assignment_project ON assignment (project_id, kind, from_on, to_on, person_id);
-- Whether somebody holds a role on a node on a day is read without the row.
DROP INDEX node_grant_person;
CREATE INDEX node_grant_person ON node_grant (person_id, node_id, from_on, to_on, role);
-- A list by any of these is most often narrowed by rating or by what is live: with
-- both in the index, the rows of the others are not read.
DROP INDEX project_by_name;
CREATE INDEX project_by_name ON project_version (name_key, project_id, code_key, is_current, rating, status_key) WHERE is_current = TRUE;
DROP INDEX project_by_code;
CREATE INDEX project_by_code ON project_version (code_key, project_id, is_current, rating, status_key) WHERE is_current = TRUE;
DROP INDEX project_by_category;
CREATE INDEX project_by_category ON project_version (category_key, project_id, is_current, rating, status_key) WHERE is_current = TRUE;
DROP INDEX project_by_org_unit;
CREATE INDEX project_by_org_unit ON project_version (org_unit_key, project_id, is_current, rating, status_key) WHERE is_current = TRUE;
DROP INDEX project_by_phase;
CREATE INDEX project_by_phase ON project_version (phase_key, project_id, is_current, rating, status_key) WHERE is_current = TRUE;
DROP INDEX project_by_status;
CREATE INDEX project_by_status ON project_version (status_key, project_id, is_current, rating) WHERE is_current = TRUE;
DROP INDEX project_by_end;
CREATE INDEX project_by_end ON project_version (end_key, project_id, is_current, rating, status_key) WHERE is_current = TRUE;
DROP INDEX project_by_budget;
CREATE INDEX project_by_budget ON project_version (budget_key, project_id, is_current, rating, status_key) WHERE is_current = TRUE;
DROP INDEX project_by_rating;
CREATE INDEX project_by_rating ON project_version (rating_key, project_id, is_current, status_key) WHERE is_current = TRUE;

-- +goose Down
SELECT 1;
