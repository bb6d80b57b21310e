-- +goose Up
-- The same people from one table: a view that is a join itself cannot be joined
-- from the left without being read whole.
CREATE OR REPLACE VIEW v_person AS
  SELECT p.id, p.name, p.name_key, p.job_title, p.org_unit, p.left_on,
    EXISTS (SELECT 1 FROM account a WHERE a.person_id = p.id) AS has_account
  FROM person p;

-- +goose Down
SELECT 1;
