-- +goose Up
-- Who would rather have no reminders by mail, and which went on which day: one mail
-- a person and day, whichever process sends it.
CREATE TABLE mail_choice (
  person_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  reminders BOOLEAN NOT NULL
);
CREATE TABLE mail_reminder (
  person_id TEXT COLLATE "C" NOT NULL,
  sent_on TEXT COLLATE "C" NOT NULL,
  matters TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (person_id, sent_on)
);
CREATE INDEX mail_reminder_day ON mail_reminder (sent_on);
-- Where somebody with an account can be reached.
CREATE VIEW v_mailbox AS
  SELECT p.id AS person_id, p.name, p.email, p.left_on FROM person p JOIN account a ON a.person_id = p.id
  WHERE a.active = TRUE AND p.email <> '' AND p.erased_at = 0 AND p.merged_into = '';
-- Who chose to be counted in the coverage of the team.
CREATE TABLE career_counted (
  person_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES person (id)
);
-- How many of those stand where, as it was shown: once a month, in parts of at least
-- five people. No smaller number is kept, and no person is named.
CREATE TABLE coverage_run (
  month TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  made_at BIGINT NOT NULL
);
CREATE TABLE coverage_row (
  month TEXT COLLATE "C" NOT NULL,
  competency_id TEXT COLLATE "C" NOT NULL,
  people BIGINT NOT NULL,
  bands TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (month, competency_id)
);
-- On which days somebody opened what they were asked to confirm; whose evidence it is
-- reads it.
CREATE TABLE career_look (
  attestation_id TEXT COLLATE "C" NOT NULL REFERENCES career_attestation (id) ON DELETE CASCADE,
  person_id TEXT COLLATE "C" NOT NULL,
  looked_on TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (attestation_id, person_id, looked_on)
);
CREATE VIEW v_plan_look AS
  SELECT s.person_id AS owner_id, l.person_id, l.step_id, s.title, l.looked_on FROM plan_look l JOIN plan_step s ON s.id = l.step_id;
CREATE VIEW v_mentoring_look AS
  SELECT p.mentee_id AS owner_id, l.person_id, l.pair_id, l.looked_on FROM mentoring_look l JOIN mentoring_pair p ON p.id = l.pair_id;

-- +goose Down
SELECT 1;
