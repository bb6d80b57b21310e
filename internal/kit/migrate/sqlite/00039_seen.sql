-- +goose Up
-- Who would rather have no reminders by mail, and which went on which day: one mail
-- a person and day, whichever process sends it.
CREATE TABLE mail_choice (
  person_id TEXT NOT NULL PRIMARY KEY,
  reminders INTEGER NOT NULL CHECK (reminders IN (0, 1))
) STRICT;
CREATE TABLE mail_reminder (
  person_id TEXT NOT NULL,
  sent_on TEXT NOT NULL,
  matters TEXT NOT NULL,
  PRIMARY KEY (person_id, sent_on)
) STRICT;
CREATE INDEX mail_reminder_day ON mail_reminder (sent_on);
-- Where somebody with an account can be reached.
CREATE VIEW v_mailbox AS
  SELECT p.id AS person_id, p.name, p.email, p.left_on FROM person p JOIN account a ON a.person_id = p.id
  WHERE a.active = TRUE AND p.email <> '' AND p.erased_at = 0 AND p.merged_into = '';
-- Who chose to be counted in the coverage of the team.
CREATE TABLE career_counted (
  person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id)
) STRICT;
-- How many of those stand where, as it was shown: once a month, in parts of at least
-- five people. No smaller number is kept, and no person is named.
CREATE TABLE coverage_run (
  month TEXT NOT NULL PRIMARY KEY,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE coverage_row (
  month TEXT NOT NULL,
  competency_id TEXT NOT NULL,
  people INTEGER NOT NULL,
  bands TEXT NOT NULL,
  PRIMARY KEY (month, competency_id)
) STRICT;
-- On which days somebody opened what they were asked to confirm; whose evidence it is
-- reads it.
CREATE TABLE career_look (
  attestation_id TEXT NOT NULL REFERENCES career_attestation (id) ON DELETE CASCADE,
  person_id TEXT NOT NULL,
  looked_on TEXT NOT NULL,
  PRIMARY KEY (attestation_id, person_id, looked_on)
) STRICT;
CREATE VIEW v_plan_look AS
  SELECT s.person_id AS owner_id, l.person_id, l.step_id, s.title, l.looked_on FROM plan_look l JOIN plan_step s ON s.id = l.step_id;
CREATE VIEW v_mentoring_look AS
  SELECT p.mentee_id AS owner_id, l.person_id, l.pair_id, l.looked_on FROM mentoring_look l JOIN mentoring_pair p ON p.id = l.pair_id;

-- +goose Down
SELECT 1;
