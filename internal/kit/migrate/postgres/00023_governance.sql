-- +goose Up
-- A published version of a method: one text, never changed. A project stays on
-- the version that it has until it is moved.
CREATE TABLE method_version (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  method_id TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  content TEXT COLLATE "C" NOT NULL,
  sha256 TEXT COLLATE "C" NOT NULL,
  based_on TEXT COLLATE "C" NOT NULL,
  changes TEXT COLLATE "C" NOT NULL,
  reasons TEXT COLLATE "C" NOT NULL,
  published_by TEXT COLLATE "C" NOT NULL,
  published_at BIGINT NOT NULL,
  UNIQUE (method_id, number)
);
-- A version that is being written: one at a time of each method.
CREATE TABLE method_draft (
  method_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  based_on TEXT COLLATE "C" NOT NULL,
  content TEXT COLLATE "C" NOT NULL,
  changes TEXT COLLATE "C" NOT NULL,
  reasons TEXT COLLATE "C" NOT NULL,
  changed_by TEXT COLLATE "C" NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
-- The dial as it was answered, for good.
CREATE TABLE dial_answer (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  project_id TEXT COLLATE "C" NOT NULL,
  method_version_id TEXT COLLATE "C" NOT NULL REFERENCES method_version (id),
  answers TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  hands_over BOOLEAN NOT NULL,
  points BIGINT NOT NULL,
  by_points BIGINT NOT NULL,
  tier BIGINT NOT NULL,
  rules TEXT COLLATE "C" NOT NULL,
  involves TEXT COLLATE "C" NOT NULL,
  at_gate TEXT COLLATE "C" NOT NULL,
  answered_on TEXT COLLATE "C" NOT NULL,
  answered_by TEXT COLLATE "C" NOT NULL,
  answered_at BIGINT NOT NULL
);
CREATE INDEX dial_answer_project ON dial_answer (project_id, answered_at);
-- Another tier than the dial gave, with the reason.
CREATE TABLE tier_override (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  project_id TEXT COLLATE "C" NOT NULL,
  dial_id TEXT COLLATE "C" NOT NULL REFERENCES dial_answer (id),
  dialled BIGINT NOT NULL,
  tier BIGINT NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  decided_on TEXT COLLATE "C" NOT NULL,
  decided_by TEXT COLLATE "C" NOT NULL,
  decided_at BIGINT NOT NULL
);
CREATE INDEX tier_override_decided ON tier_override (decided_on);
-- Which version, tier and phase hold for a project from when until when, both as
-- dates, the end left out. The row that lasts ends on 9999-12-31.
CREATE TABLE governed (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  project_id TEXT COLLATE "C" NOT NULL,
  from_on TEXT COLLATE "C" NOT NULL,
  to_on TEXT COLLATE "C" NOT NULL,
  method_version_id TEXT COLLATE "C" NOT NULL REFERENCES method_version (id),
  dial_id TEXT COLLATE "C" NOT NULL,
  tier BIGINT NOT NULL,
  involves TEXT COLLATE "C" NOT NULL,
  phase TEXT COLLATE "C" NOT NULL,
  why TEXT COLLATE "C" NOT NULL,
  made_by TEXT COLLATE "C" NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX governed_lasting ON governed (project_id) WHERE to_on = '9999-12-31';
CREATE INDEX governed_project ON governed (project_id, from_on);
CREATE INDEX governed_version ON governed (method_version_id, to_on);
-- Somebody's word about a control: that something of the work took place, an
-- attestation that the control accepts, or an assessment. A later word stands
-- beside the earlier one.
CREATE TABLE control_word (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  project_id TEXT COLLATE "C" NOT NULL,
  control_id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  detail TEXT COLLATE "C" NOT NULL,
  verdict TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  finding_id TEXT COLLATE "C" NOT NULL,
  on_day TEXT COLLATE "C" NOT NULL,
  said_by TEXT COLLATE "C" NOT NULL,
  said_at BIGINT NOT NULL,
  taken_back_at BIGINT NOT NULL,
  taken_back_by TEXT COLLATE "C" NOT NULL
);
CREATE INDEX control_word_project ON control_word (project_id, control_id, on_day);
CREATE TABLE waiver (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  project_id TEXT COLLATE "C" NOT NULL,
  control_id TEXT COLLATE "C" NOT NULL,
  tier BIGINT NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  compensating TEXT COLLATE "C" NOT NULL,
  from_on TEXT COLLATE "C" NOT NULL,
  to_on TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  asked_by TEXT COLLATE "C" NOT NULL,
  asked_at BIGINT NOT NULL,
  decided_by TEXT COLLATE "C" NOT NULL,
  decided_as TEXT COLLATE "C" NOT NULL,
  decided_at BIGINT NOT NULL,
  decided_words TEXT COLLATE "C" NOT NULL,
  ended_on TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX waiver_project ON waiver (project_id, control_id);
CREATE INDEX waiver_state ON waiver (state, to_on);
-- What those whose opinion a waiver needs besides said of it.
CREATE TABLE waiver_opinion (
  waiver_id TEXT COLLATE "C" NOT NULL REFERENCES waiver (id),
  role TEXT COLLATE "C" NOT NULL,
  person_id TEXT COLLATE "C" NOT NULL,
  agrees BOOLEAN NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  said_at BIGINT NOT NULL,
  PRIMARY KEY (waiver_id, role)
);
CREATE TABLE finding (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  project_id TEXT COLLATE "C" NOT NULL,
  control_id TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  urgency TEXT COLLATE "C" NOT NULL,
  due_on TEXT COLLATE "C" NOT NULL,
  owner_id TEXT COLLATE "C" NOT NULL,
  action_id TEXT COLLATE "C" NOT NULL,
  raised_on TEXT COLLATE "C" NOT NULL,
  raised_by TEXT COLLATE "C" NOT NULL,
  raised_at BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  closed_words TEXT COLLATE "C" NOT NULL,
  closed_on TEXT COLLATE "C" NOT NULL,
  closed_by TEXT COLLATE "C" NOT NULL,
  closed_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX finding_project ON finding (project_id, state);
CREATE INDEX finding_control ON finding (control_id, raised_on);
-- What a person said of a control that they had just fulfilled: never shown by
-- person, and nowhere under five people.
CREATE TABLE control_answer (
  project_id TEXT COLLATE "C" NOT NULL,
  control_id TEXT COLLATE "C" NOT NULL,
  person_id TEXT COLLATE "C" NOT NULL,
  month TEXT COLLATE "C" NOT NULL,
  tier BIGINT NOT NULL,
  method_version_id TEXT COLLATE "C" NOT NULL,
  helped BIGINT NOT NULL,
  minutes BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, control_id, person_id, month)
);
CREATE INDEX control_answer_control ON control_answer (control_id, month);
-- A comment holds no person unless its writer chose to sign it, no project and no
-- time finer than the month; its id is random, and rows lie in its order.
CREATE TABLE control_comment (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  control_id TEXT COLLATE "C" NOT NULL,
  tier BIGINT NOT NULL,
  month TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  signed_by TEXT COLLATE "C" NOT NULL
);
CREATE INDEX control_comment_control ON control_comment (control_id, month);
-- A change of a control, or its end, that somebody proposes.
CREATE TABLE control_proposal (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  method_id TEXT COLLATE "C" NOT NULL,
  control_id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  behind TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  proposed_by TEXT COLLATE "C" NOT NULL,
  proposed_on TEXT COLLATE "C" NOT NULL,
  proposed_at BIGINT NOT NULL,
  decided_by TEXT COLLATE "C" NOT NULL,
  decided_at BIGINT NOT NULL,
  decided_words TEXT COLLATE "C" NOT NULL,
  method_version_id TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX control_proposal_control ON control_proposal (control_id, state);
-- The state of each control that a project is asked for, from when until when:
-- computed from the record, and made again from nothing with the same result.
CREATE TABLE control_segment (
  project_id TEXT COLLATE "C" NOT NULL,
  control_id TEXT COLLATE "C" NOT NULL,
  from_on TEXT COLLATE "C" NOT NULL,
  to_on TEXT COLLATE "C" NOT NULL,
  tier BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  via TEXT COLLATE "C" NOT NULL,
  ref TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (project_id, control_id, from_on)
);
CREATE INDEX control_segment_control ON control_segment (control_id, to_on, from_on);
-- How many projects of a portfolio or programme are in a state: changes by day, so
-- that the sum up to a day is the count of that day. What lies in the past is put
-- together under the day 0001-01-01.
CREATE TABLE control_tally (
  node_id TEXT COLLATE "C" NOT NULL,
  confidential BOOLEAN NOT NULL,
  day TEXT COLLATE "C" NOT NULL,
  control_id TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  delta BIGINT NOT NULL,
  PRIMARY KEY (node_id, confidential, day, control_id, state)
);
-- Projects whose record has grown since their segments were computed.
CREATE TABLE control_stale (project_id TEXT COLLATE "C" NOT NULL PRIMARY KEY);
-- Where a project is counted.
CREATE TABLE control_tallied (
  project_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  nodes TEXT COLLATE "C" NOT NULL,
  confidential BOOLEAN NOT NULL
);

CREATE TABLE gate_plan (
  project_id TEXT COLLATE "C" NOT NULL,
  gate_id TEXT COLLATE "C" NOT NULL,
  first_planned_on TEXT COLLATE "C" NOT NULL,
  planned_on TEXT COLLATE "C" NOT NULL,
  body_id TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (project_id, gate_id)
);
CREATE INDEX gate_plan_day ON gate_plan (planned_on);
-- A review of one gate: its criteria are frozen when it opens.
CREATE TABLE gate_review (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  project_id TEXT COLLATE "C" NOT NULL,
  gate_id TEXT COLLATE "C" NOT NULL,
  round BIGINT NOT NULL,
  method_version_id TEXT COLLATE "C" NOT NULL REFERENCES method_version (id),
  tier BIGINT NOT NULL,
  form TEXT COLLATE "C" NOT NULL,
  criteria TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL,
  currency TEXT COLLATE "C" NOT NULL,
  who TEXT COLLATE "C" NOT NULL,
  body_id TEXT COLLATE "C" NOT NULL,
  quorum BIGINT NOT NULL,
  reviewers BIGINT NOT NULL,
  meets_on TEXT COLLATE "C" NOT NULL,
  opened_by TEXT COLLATE "C" NOT NULL,
  opened_on TEXT COLLATE "C" NOT NULL,
  opened_at BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (project_id, gate_id, round)
);
CREATE UNIQUE INDEX gate_review_open ON gate_review (project_id) WHERE state = 'open';
CREATE INDEX gate_review_state ON gate_review (state, meets_on);
-- Who takes part in a review, and as what.
CREATE TABLE gate_seat (
  review_id TEXT COLLATE "C" NOT NULL REFERENCES gate_review (id),
  person_id TEXT COLLATE "C" NOT NULL,
  capacity TEXT COLLATE "C" NOT NULL,
  for_person_id TEXT COLLATE "C" NOT NULL,
  authority TEXT COLLATE "C" NOT NULL,
  side TEXT COLLATE "C" NOT NULL,
  conflict TEXT COLLATE "C" NOT NULL,
  conflict_at BIGINT NOT NULL,
  present BOOLEAN NOT NULL,
  PRIMARY KEY (review_id, person_id, capacity)
);
CREATE INDEX gate_seat_person ON gate_seat (person_id);
-- What one of them says of one criterion; their last word counts, the earlier
-- ones stay.
CREATE TABLE gate_opinion (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  review_id TEXT COLLATE "C" NOT NULL REFERENCES gate_review (id),
  criterion_id TEXT COLLATE "C" NOT NULL,
  person_id TEXT COLLATE "C" NOT NULL,
  verdict TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  said_at BIGINT NOT NULL
);
CREATE INDEX gate_opinion_review ON gate_opinion (review_id, said_at);
-- The decision of a review with the snapshot of what was known, for good.
CREATE TABLE gate_decision (
  review_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES gate_review (id),
  project_id TEXT COLLATE "C" NOT NULL,
  gate_id TEXT COLLATE "C" NOT NULL,
  decision TEXT COLLATE "C" NOT NULL,
  rationale TEXT COLLATE "C" NOT NULL,
  needs TEXT COLLATE "C" NOT NULL,
  verdicts TEXT COLLATE "C" NOT NULL,
  dissent TEXT COLLATE "C" NOT NULL,
  counted BIGINT NOT NULL,
  spend_limit_pct BIGINT NOT NULL,
  decided_by TEXT COLLATE "C" NOT NULL,
  decided_as TEXT COLLATE "C" NOT NULL,
  decided_on TEXT COLLATE "C" NOT NULL,
  decided_at BIGINT NOT NULL,
  decision_id TEXT COLLATE "C" NOT NULL,
  snapshot TEXT COLLATE "C" NOT NULL,
  snapshot_sha256 TEXT COLLATE "C" NOT NULL
);
CREATE INDEX gate_decision_project ON gate_decision (project_id, decided_at);
CREATE TABLE gate_condition (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  review_id TEXT COLLATE "C" NOT NULL REFERENCES gate_review (id),
  project_id TEXT COLLATE "C" NOT NULL,
  gate_id TEXT COLLATE "C" NOT NULL,
  criterion_id TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  owner_id TEXT COLLATE "C" NOT NULL,
  due_on TEXT COLLATE "C" NOT NULL,
  proof TEXT COLLATE "C" NOT NULL,
  set_by TEXT COLLATE "C" NOT NULL,
  set_at BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  proof_given TEXT COLLATE "C" NOT NULL,
  given_by TEXT COLLATE "C" NOT NULL,
  given_at BIGINT NOT NULL,
  ended_by TEXT COLLATE "C" NOT NULL,
  ended_on TEXT COLLATE "C" NOT NULL,
  ended_at BIGINT NOT NULL,
  ended_words TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
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
CREATE FUNCTION method_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a published method is never changed'; END $$;
-- +goose StatementEnd
CREATE TRIGGER method_version_no_change BEFORE UPDATE OR DELETE ON method_version FOR EACH ROW EXECUTE FUNCTION method_version_stays();
CREATE TRIGGER method_version_no_truncate BEFORE TRUNCATE ON method_version FOR EACH STATEMENT EXECUTE FUNCTION method_version_stays();
-- +goose StatementBegin
CREATE FUNCTION dial_answer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'answers to the dial are never changed'; END $$;
-- +goose StatementEnd
CREATE TRIGGER dial_answer_no_change BEFORE UPDATE OR DELETE ON dial_answer FOR EACH ROW EXECUTE FUNCTION dial_answer_stays();
CREATE TRIGGER dial_answer_no_truncate BEFORE TRUNCATE ON dial_answer FOR EACH STATEMENT EXECUTE FUNCTION dial_answer_stays();
-- +goose StatementBegin
CREATE FUNCTION gate_decision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a gate decision is never changed'; END $$;
-- +goose StatementEnd
CREATE TRIGGER gate_decision_no_change BEFORE UPDATE OR DELETE ON gate_decision FOR EACH ROW EXECUTE FUNCTION gate_decision_stays();
CREATE TRIGGER gate_decision_no_truncate BEFORE TRUNCATE ON gate_decision FOR EACH STATEMENT EXECUTE FUNCTION gate_decision_stays();

-- +goose Down
SELECT 1;
