-- +goose Up
-- A published version of a method: one text, never changed. A project stays on
-- the version that it has until it is moved.
CREATE TABLE method_version (
  id TEXT NOT NULL PRIMARY KEY,
  method_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  content TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  based_on TEXT NOT NULL,
  changes TEXT NOT NULL,
  reasons TEXT NOT NULL,
  published_by TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  UNIQUE (method_id, number)
) STRICT;
-- A version that is being written: one at a time of each method.
CREATE TABLE method_draft (
  method_id TEXT NOT NULL PRIMARY KEY,
  based_on TEXT NOT NULL,
  content TEXT NOT NULL,
  changes TEXT NOT NULL,
  reasons TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
-- The dial as it was answered, for good.
CREATE TABLE dial_answer (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL,
  method_version_id TEXT NOT NULL REFERENCES method_version (id),
  answers TEXT NOT NULL,
  kind TEXT NOT NULL,
  hands_over INTEGER NOT NULL CHECK (hands_over IN (0, 1)),
  points INTEGER NOT NULL,
  by_points INTEGER NOT NULL,
  tier INTEGER NOT NULL,
  rules TEXT NOT NULL,
  involves TEXT NOT NULL,
  at_gate TEXT NOT NULL,
  answered_on TEXT NOT NULL,
  answered_by TEXT NOT NULL,
  answered_at INTEGER NOT NULL
) STRICT;
CREATE INDEX dial_answer_project ON dial_answer (project_id, answered_at);
-- Another tier than the dial gave, with the reason.
CREATE TABLE tier_override (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL,
  dial_id TEXT NOT NULL REFERENCES dial_answer (id),
  dialled INTEGER NOT NULL,
  tier INTEGER NOT NULL,
  reason TEXT NOT NULL,
  decided_on TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tier_override_decided ON tier_override (decided_on);
-- Which version, tier and phase hold for a project from when until when, both as
-- dates, the end left out. The row that lasts ends on 9999-12-31.
CREATE TABLE governed (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  method_version_id TEXT NOT NULL REFERENCES method_version (id),
  dial_id TEXT NOT NULL,
  tier INTEGER NOT NULL,
  involves TEXT NOT NULL,
  phase TEXT NOT NULL,
  why TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX governed_lasting ON governed (project_id) WHERE to_on = '9999-12-31';
CREATE INDEX governed_project ON governed (project_id, from_on);
CREATE INDEX governed_version ON governed (method_version_id, to_on);
-- Somebody's word about a control: that something of the work took place, an
-- attestation that the control accepts, or an assessment. A later word stands
-- beside the earlier one.
CREATE TABLE control_word (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL,
  control_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  detail TEXT NOT NULL,
  verdict TEXT NOT NULL,
  words TEXT NOT NULL,
  finding_id TEXT NOT NULL,
  on_day TEXT NOT NULL,
  said_by TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  taken_back_at INTEGER NOT NULL,
  taken_back_by TEXT NOT NULL
) STRICT;
CREATE INDEX control_word_project ON control_word (project_id, control_id, on_day);
CREATE TABLE waiver (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL,
  control_id TEXT NOT NULL,
  tier INTEGER NOT NULL,
  reason TEXT NOT NULL,
  compensating TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  state TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  decided_as TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  decided_words TEXT NOT NULL,
  ended_on TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX waiver_project ON waiver (project_id, control_id);
CREATE INDEX waiver_state ON waiver (state, to_on);
-- What those whose opinion a waiver needs besides said of it.
CREATE TABLE waiver_opinion (
  waiver_id TEXT NOT NULL REFERENCES waiver (id),
  role TEXT NOT NULL,
  person_id TEXT NOT NULL,
  agrees INTEGER NOT NULL CHECK (agrees IN (0, 1)),
  words TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  PRIMARY KEY (waiver_id, role)
) STRICT;
CREATE TABLE finding (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL,
  control_id TEXT NOT NULL,
  words TEXT NOT NULL,
  urgency TEXT NOT NULL,
  due_on TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  action_id TEXT NOT NULL,
  raised_on TEXT NOT NULL,
  raised_by TEXT NOT NULL,
  raised_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  closed_words TEXT NOT NULL,
  closed_on TEXT NOT NULL,
  closed_by TEXT NOT NULL,
  closed_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX finding_project ON finding (project_id, state);
CREATE INDEX finding_control ON finding (control_id, raised_on);
-- What a person said of a control that they had just fulfilled: never shown by
-- person, and nowhere under five people.
CREATE TABLE control_answer (
  project_id TEXT NOT NULL,
  control_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  month TEXT NOT NULL,
  tier INTEGER NOT NULL,
  method_version_id TEXT NOT NULL,
  helped INTEGER NOT NULL,
  minutes INTEGER NOT NULL,
  answered_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, control_id, person_id, month)
) STRICT;
CREATE INDEX control_answer_control ON control_answer (control_id, month);
-- A comment holds no person unless its writer chose to sign it, no project and no
-- time finer than the month; its id is random, and rows lie in its order.
CREATE TABLE control_comment (
  id TEXT NOT NULL PRIMARY KEY,
  control_id TEXT NOT NULL,
  tier INTEGER NOT NULL,
  month TEXT NOT NULL,
  words TEXT NOT NULL,
  signed_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX control_comment_control ON control_comment (control_id, month);
-- A change of a control, or its end, that somebody proposes.
CREATE TABLE control_proposal (
  id TEXT NOT NULL PRIMARY KEY,
  method_id TEXT NOT NULL,
  control_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  words TEXT NOT NULL,
  behind TEXT NOT NULL,
  state TEXT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_on TEXT NOT NULL,
  proposed_at INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  decided_words TEXT NOT NULL,
  method_version_id TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX control_proposal_control ON control_proposal (control_id, state);
-- The state of each control that a project is asked for, from when until when:
-- computed from the record, and made again from nothing with the same result.
CREATE TABLE control_segment (
  project_id TEXT NOT NULL,
  control_id TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  tier INTEGER NOT NULL,
  state TEXT NOT NULL,
  via TEXT NOT NULL,
  ref TEXT NOT NULL,
  PRIMARY KEY (project_id, control_id, from_on)
) STRICT;
CREATE INDEX control_segment_control ON control_segment (control_id, to_on, from_on);
-- How many projects of a portfolio or programme are in a state: changes by day, so
-- that the sum up to a day is the count of that day. What lies in the past is put
-- together under the day 0001-01-01.
CREATE TABLE control_tally (
  node_id TEXT NOT NULL,
  confidential INTEGER NOT NULL CHECK (confidential IN (0, 1)),
  day TEXT NOT NULL,
  control_id TEXT NOT NULL,
  state TEXT NOT NULL,
  delta INTEGER NOT NULL,
  PRIMARY KEY (node_id, confidential, day, control_id, state)
) STRICT;
-- Projects whose record has grown since their segments were computed.
CREATE TABLE control_stale (project_id TEXT NOT NULL PRIMARY KEY) STRICT;
-- Where a project is counted.
CREATE TABLE control_tallied (
  project_id TEXT NOT NULL PRIMARY KEY,
  nodes TEXT NOT NULL,
  confidential INTEGER NOT NULL CHECK (confidential IN (0, 1))
) STRICT;

CREATE TABLE gate_plan (
  project_id TEXT NOT NULL,
  gate_id TEXT NOT NULL,
  first_planned_on TEXT NOT NULL,
  planned_on TEXT NOT NULL,
  body_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (project_id, gate_id)
) STRICT;
CREATE INDEX gate_plan_day ON gate_plan (planned_on);
-- A review of one gate: its criteria are frozen when it opens.
CREATE TABLE gate_review (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL,
  gate_id TEXT NOT NULL,
  round INTEGER NOT NULL,
  method_version_id TEXT NOT NULL REFERENCES method_version (id),
  tier INTEGER NOT NULL,
  form TEXT NOT NULL,
  criteria TEXT NOT NULL,
  amount INTEGER NOT NULL,
  currency TEXT NOT NULL,
  who TEXT NOT NULL,
  body_id TEXT NOT NULL,
  quorum INTEGER NOT NULL,
  reviewers INTEGER NOT NULL,
  meets_on TEXT NOT NULL,
  opened_by TEXT NOT NULL,
  opened_on TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  UNIQUE (project_id, gate_id, round)
) STRICT;
CREATE UNIQUE INDEX gate_review_open ON gate_review (project_id) WHERE state = 'open';
CREATE INDEX gate_review_state ON gate_review (state, meets_on);
-- Who takes part in a review, and as what.
CREATE TABLE gate_seat (
  review_id TEXT NOT NULL REFERENCES gate_review (id),
  person_id TEXT NOT NULL,
  capacity TEXT NOT NULL,
  for_person_id TEXT NOT NULL,
  authority TEXT NOT NULL,
  side TEXT NOT NULL,
  conflict TEXT NOT NULL,
  conflict_at INTEGER NOT NULL,
  present INTEGER NOT NULL CHECK (present IN (0, 1)),
  PRIMARY KEY (review_id, person_id, capacity)
) STRICT;
CREATE INDEX gate_seat_person ON gate_seat (person_id);
-- What one of them says of one criterion; their last word counts, the earlier
-- ones stay.
CREATE TABLE gate_opinion (
  id TEXT NOT NULL PRIMARY KEY,
  review_id TEXT NOT NULL REFERENCES gate_review (id),
  criterion_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  verdict TEXT NOT NULL,
  words TEXT NOT NULL,
  said_at INTEGER NOT NULL
) STRICT;
CREATE INDEX gate_opinion_review ON gate_opinion (review_id, said_at);
-- The decision of a review with the snapshot of what was known, for good.
CREATE TABLE gate_decision (
  review_id TEXT NOT NULL PRIMARY KEY REFERENCES gate_review (id),
  project_id TEXT NOT NULL,
  gate_id TEXT NOT NULL,
  decision TEXT NOT NULL,
  rationale TEXT NOT NULL,
  needs TEXT NOT NULL,
  verdicts TEXT NOT NULL,
  dissent TEXT NOT NULL,
  counted INTEGER NOT NULL,
  spend_limit_pct INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  decided_as TEXT NOT NULL,
  decided_on TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  decision_id TEXT NOT NULL,
  snapshot TEXT NOT NULL,
  snapshot_sha256 TEXT NOT NULL
) STRICT;
CREATE INDEX gate_decision_project ON gate_decision (project_id, decided_at);
CREATE TABLE gate_condition (
  id TEXT NOT NULL PRIMARY KEY,
  review_id TEXT NOT NULL REFERENCES gate_review (id),
  project_id TEXT NOT NULL,
  gate_id TEXT NOT NULL,
  criterion_id TEXT NOT NULL,
  words TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  due_on TEXT NOT NULL,
  proof TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  proof_given TEXT NOT NULL,
  given_by TEXT NOT NULL,
  given_at INTEGER NOT NULL,
  ended_by TEXT NOT NULL,
  ended_on TEXT NOT NULL,
  ended_at INTEGER NOT NULL,
  ended_words TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX gate_condition_project ON gate_condition (project_id, state);
CREATE INDEX gate_condition_owner ON gate_condition (owner_id, state, due_on);

CREATE VIEW v_portfolio AS SELECT id, name, name_key FROM portfolio;
-- What the register held of a project from when until when, as it is known now.
CREATE VIEW v_project_held AS
  SELECT project_id, valid_from, valid_to, status_key, phase, currency, budget, forecast, actual, baseline_end, forecast_end, actual_end
  FROM project_version WHERE known_to = 9223372036854775807;
-- Each version of each document, when it was written and when it was approved.
CREATE VIEW v_document_version AS
  SELECT d.project_id, d.kind_id, v.state, v.written_at, v.decided_at FROM document_version v JOIN document d ON d.id = v.document_id WHERE d.kind_id <> '';
-- Every report that was ever submitted, corrections included.
CREATE VIEW v_report_submission AS SELECT project_id, period, number, submitted_at FROM report_version;
-- Who did something in a project's record, and when: no more than that.
CREATE VIEW v_act AS SELECT project_id, actor_id, at FROM activity WHERE audience = '';
CREATE VIEW v_governed AS
  SELECT project_id, from_on, to_on, method_version_id, tier, involves, phase FROM governed;
CREATE VIEW v_gate_plan AS
  SELECT project_id, gate_id, first_planned_on, planned_on, body_id FROM gate_plan;
CREATE VIEW v_gate_decision AS
  SELECT review_id, project_id, gate_id, decision, decided_by, decided_on, decided_at FROM gate_decision;
CREATE VIEW v_condition AS
  SELECT id, review_id, project_id, gate_id, owner_id, due_on, state, ended_on FROM gate_condition;

-- +goose StatementBegin
CREATE TRIGGER method_version_no_update BEFORE UPDATE ON method_version
BEGIN SELECT RAISE(ABORT, 'a published method is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER method_version_no_delete BEFORE DELETE ON method_version
BEGIN SELECT RAISE(ABORT, 'a published method is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dial_answer_no_update BEFORE UPDATE ON dial_answer
BEGIN SELECT RAISE(ABORT, 'answers to the dial are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dial_answer_no_delete BEFORE DELETE ON dial_answer
BEGIN SELECT RAISE(ABORT, 'answers to the dial are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER gate_decision_no_update BEFORE UPDATE ON gate_decision
BEGIN SELECT RAISE(ABORT, 'a gate decision is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER gate_decision_no_delete BEFORE DELETE ON gate_decision
BEGIN SELECT RAISE(ABORT, 'a gate decision is never changed'); END;
-- +goose StatementEnd

-- +goose Down
SELECT 1;
