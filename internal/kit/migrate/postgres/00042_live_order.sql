-- +goose Up
-- The work that is still going has an order of its own by every column of the
-- list: by the end of a project, its phase or its status, what is over stands in
-- front, and the first page of live work walked past every project that ever ended.
CREATE INDEX project_live_by_name ON project_version (name_key, project_id, code_key, is_current, rating, status_key)
  WHERE is_current = TRUE AND status_key NOT IN ('closed', 'cancelled');
CREATE INDEX project_live_by_code ON project_version (code_key, project_id, is_current, rating, status_key)
  WHERE is_current = TRUE AND status_key NOT IN ('closed', 'cancelled');
CREATE INDEX project_live_by_category ON project_version (category_key, project_id, is_current, rating, status_key)
  WHERE is_current = TRUE AND status_key NOT IN ('closed', 'cancelled');
CREATE INDEX project_live_by_org_unit ON project_version (org_unit_key, project_id, is_current, rating, status_key)
  WHERE is_current = TRUE AND status_key NOT IN ('closed', 'cancelled');
CREATE INDEX project_live_by_phase ON project_version (phase_key, project_id, is_current, rating, status_key)
  WHERE is_current = TRUE AND status_key NOT IN ('closed', 'cancelled');
CREATE INDEX project_live_by_status ON project_version (status_key, project_id, is_current, rating)
  WHERE is_current = TRUE AND status_key NOT IN ('closed', 'cancelled');
CREATE INDEX project_live_by_end ON project_version (end_key, project_id, is_current, rating, status_key)
  WHERE is_current = TRUE AND status_key NOT IN ('closed', 'cancelled');
CREATE INDEX project_live_by_budget ON project_version (budget_key, project_id, is_current, rating, status_key)
  WHERE is_current = TRUE AND status_key NOT IN ('closed', 'cancelled');
CREATE INDEX project_live_by_rating ON project_version (rating_key, project_id, is_current, status_key)
  WHERE is_current = TRUE AND status_key NOT IN ('closed', 'cancelled');
