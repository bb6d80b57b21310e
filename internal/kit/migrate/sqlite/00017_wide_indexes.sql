-- +goose Up
-- What the pages of a large register read of many rows, and little of each: with
-- these columns in the index the rows themselves are not read. A search compares
-- name and code; the portfolio asks which projects are live and since when, and
-- what a month's reports declare. SQLite takes an index in place of the row only
-- when it holds every column that is named, is_current too.
DROP INDEX project_by_name;
CREATE INDEX project_by_name ON project_version (name_key, project_id, code_key) WHERE is_current = TRUE;
CREATE INDEX project_live ON project_version (project_id, is_current, status, actual_start, baseline_start, forecast_start, name_key, budget, forecast) WHERE is_current = TRUE;
DROP INDEX report_period;
CREATE INDEX report_period ON report (period, project_id, declared, computed, number);
-- Somebody's pieces of work are read in the order of their beginning, which is
-- about the order in which they lie.
CREATE INDEX career_item_begun ON career_item (person_id, from_on, item_key);

-- +goose Down
SELECT 1;
