-- +goose Up
-- Actions: one register for the whole product, whatever raised them.
CREATE TABLE action_item (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  title TEXT COLLATE "C" NOT NULL,
  title_key TEXT COLLATE "C" NOT NULL,
  detail TEXT COLLATE "C" NOT NULL,
  project_id TEXT COLLATE "C" NOT NULL,
  owner_id TEXT COLLATE "C" NOT NULL,
  due_on TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  raised_by TEXT COLLATE "C" NOT NULL,
  raised_on TEXT COLLATE "C" NOT NULL,
  raised_at BIGINT NOT NULL,
  origin_kind TEXT COLLATE "C" NOT NULL,
  origin_id TEXT COLLATE "C" NOT NULL,
  origin_title TEXT COLLATE "C" NOT NULL,
  origin_path TEXT COLLATE "C" NOT NULL,
  ended_on TEXT COLLATE "C" NOT NULL,
  ended_words TEXT COLLATE "C" NOT NULL,
  due_moves BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX action_item_due ON action_item (state, due_on, id);
CREATE INDEX action_item_raised ON action_item (state, raised_on, id);
CREATE INDEX action_item_owner ON action_item (owner_id, state, due_on, id);
CREATE INDEX action_item_project ON action_item (project_id, state, due_on, id);
CREATE INDEX action_item_origin ON action_item (origin_kind, origin_id, due_on, id);
-- What became of an action, step by step: dates that moved, owners, how it ended.
CREATE TABLE action_step (
  action_id TEXT COLLATE "C" NOT NULL REFERENCES action_item (id),
  number BIGINT NOT NULL,
  what TEXT COLLATE "C" NOT NULL,
  was TEXT COLLATE "C" NOT NULL,
  became TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  person_id TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (action_id, number)
);
CREATE VIEW v_action AS
  SELECT id, title, project_id, owner_id, due_on, state, raised_by, raised_on, origin_kind, origin_id, ended_on FROM action_item;

-- Governing bodies, who sits in them, and who may stand in for whom.
CREATE TABLE body (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  node_id TEXT COLLATE "C" NOT NULL,
  quorum_count BIGINT NOT NULL,
  quorum_share BIGINT NOT NULL,
  ended_on TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX body_name ON body (name_key, id);
CREATE INDEX body_node ON body (node_id, name_key, id);
CREATE TABLE body_terms (
  body_id TEXT COLLATE "C" NOT NULL REFERENCES body (id),
  number BIGINT NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  approved_on TEXT COLLATE "C" NOT NULL,
  person_id TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (body_id, number)
);
CREATE TABLE seat (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  body_id TEXT COLLATE "C" NOT NULL REFERENCES body (id),
  person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  seat TEXT COLLATE "C" NOT NULL,
  side TEXT COLLATE "C" NOT NULL,
  from_on TEXT COLLATE "C" NOT NULL,
  to_on TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX seat_body ON seat (body_id, from_on, id);
CREATE INDEX seat_person ON seat (person_id, body_id);
CREATE TABLE seat_deputy (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  seat_id TEXT COLLATE "C" NOT NULL REFERENCES seat (id),
  person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  authority TEXT COLLATE "C" NOT NULL,
  from_on TEXT COLLATE "C" NOT NULL,
  to_on TEXT COLLATE "C" NOT NULL
);
CREATE INDEX seat_deputy_seat ON seat_deputy (seat_id, from_on, id);
CREATE INDEX seat_deputy_person ON seat_deputy (person_id);
CREATE VIEW v_body AS SELECT id, name, name_key, kind, node_id, quorum_count, quorum_share, ended_on FROM body;
-- Portfolios by name: a body can govern one.
CREATE VIEW v_portfolio AS SELECT id, name, name_key FROM portfolio;
CREATE VIEW v_seat AS SELECT id, body_id, person_id, seat, side, from_on, to_on FROM seat;
CREATE VIEW v_seat_deputy AS SELECT id, seat_id, person_id, from_on, to_on FROM seat_deputy;

-- Meetings: planned, held, their minutes confirmed. While minutes of a confirmed
-- meeting are corrected it is held again; what was confirmed stays in meeting_minutes.
CREATE TABLE meeting (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  body_id TEXT COLLATE "C" NOT NULL,
  project_id TEXT COLLATE "C" NOT NULL,
  node_id TEXT COLLATE "C" NOT NULL,
  held_on TEXT COLLATE "C" NOT NULL,
  starts TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  quorum_needed BIGINT NOT NULL,
  quorum_present BIGINT NOT NULL,
  minutes TEXT COLLATE "C" NOT NULL,
  called_by TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX meeting_held ON meeting (held_on, id);
CREATE INDEX meeting_state ON meeting (state, held_on, id);
CREATE INDEX meeting_body ON meeting (body_id, held_on, id);
CREATE INDEX meeting_project ON meeting (project_id, held_on, id);
-- Who was there and in which capacity; before the meeting: who is invited beside
-- those whom the body or the project brings along.
CREATE TABLE attendance (
  meeting_id TEXT COLLATE "C" NOT NULL REFERENCES meeting (id),
  person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  seat TEXT COLLATE "C" NOT NULL,
  side TEXT COLLATE "C" NOT NULL,
  capacity TEXT COLLATE "C" NOT NULL,
  for_person_id TEXT COLLATE "C" NOT NULL,
  authority TEXT COLLATE "C" NOT NULL,
  there BOOLEAN NOT NULL,
  work_role TEXT COLLATE "C" NOT NULL,
  confirmed_by TEXT COLLATE "C" NOT NULL,
  confirmed_at BIGINT NOT NULL,
  PRIMARY KEY (meeting_id, person_id)
);
CREATE INDEX attendance_person ON attendance (person_id, meeting_id);
CREATE INDEX attendance_unconfirmed ON attendance (for_person_id, meeting_id) WHERE capacity = 'deputy' AND confirmed_at = 0;
CREATE TABLE meeting_minutes (
  meeting_id TEXT COLLATE "C" NOT NULL REFERENCES meeting (id),
  number BIGINT NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  present TEXT COLLATE "C" NOT NULL,
  confirmed_by TEXT COLLATE "C" NOT NULL,
  confirmed_at BIGINT NOT NULL,
  PRIMARY KEY (meeting_id, number)
);
CREATE TABLE seat_offer (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  meeting_id TEXT COLLATE "C" NOT NULL REFERENCES meeting (id),
  person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  deputy_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  authority TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  offered_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL
);
CREATE INDEX seat_offer_meeting ON seat_offer (meeting_id, id);
CREATE INDEX seat_offer_deputy ON seat_offer (deputy_id, state);
CREATE INDEX seat_offer_person ON seat_offer (person_id, state);
CREATE VIEW v_meeting AS
  SELECT id, kind, body_id, project_id, node_id, held_on, starts, subject, state, number, quorum_needed, quorum_present FROM meeting;
CREATE VIEW v_attendance AS
  SELECT meeting_id, person_id, seat, side, capacity, for_person_id, there, work_role, confirmed_at FROM attendance;

-- Decisions: one register. What was decided is superseded, never edited.
CREATE TABLE decision (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  title TEXT COLLATE "C" NOT NULL,
  title_key TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  dated_on TEXT COLLATE "C" NOT NULL,
  asked_on TEXT COLLATE "C" NOT NULL,
  decided_on TEXT COLLATE "C" NOT NULL,
  person_id TEXT COLLATE "C" NOT NULL,
  body_id TEXT COLLATE "C" NOT NULL,
  dissent TEXT COLLATE "C" NOT NULL,
  project_id TEXT COLLATE "C" NOT NULL,
  node_id TEXT COLLATE "C" NOT NULL,
  origin_kind TEXT COLLATE "C" NOT NULL,
  origin_id TEXT COLLATE "C" NOT NULL,
  origin_title TEXT COLLATE "C" NOT NULL,
  origin_path TEXT COLLATE "C" NOT NULL,
  owner_id TEXT COLLATE "C" NOT NULL,
  due_on TEXT COLLATE "C" NOT NULL,
  carried_on TEXT COLLATE "C" NOT NULL,
  carried_words TEXT COLLATE "C" NOT NULL,
  supersedes_id TEXT COLLATE "C" NOT NULL,
  superseded_by TEXT COLLATE "C" NOT NULL,
  recorded_by TEXT COLLATE "C" NOT NULL,
  recorded_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX decision_dated ON decision (dated_on, id);
CREATE INDEX decision_state ON decision (state, dated_on, id);
CREATE INDEX decision_project ON decision (project_id, dated_on, id);
CREATE INDEX decision_body ON decision (body_id, dated_on, id);
CREATE INDEX decision_origin ON decision (origin_kind, origin_id, dated_on, id);
CREATE VIEW v_decision AS
  SELECT id, title, state, decided_on, person_id, body_id, project_id, node_id, origin_kind, origin_id, owner_id, due_on, carried_on, superseded_by FROM decision;

-- +goose StatementBegin
CREATE FUNCTION action_step_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'what happened to an action is never changed'; END $$;
-- +goose StatementEnd
CREATE TRIGGER action_step_no_change BEFORE UPDATE OR DELETE ON action_step FOR EACH ROW EXECUTE FUNCTION action_step_stays();
CREATE TRIGGER action_step_no_truncate BEFORE TRUNCATE ON action_step FOR EACH STATEMENT EXECUTE FUNCTION action_step_stays();
-- +goose StatementBegin
CREATE FUNCTION body_terms_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'approved terms of reference are never changed'; END $$;
-- +goose StatementEnd
CREATE TRIGGER body_terms_no_change BEFORE UPDATE OR DELETE ON body_terms FOR EACH ROW EXECUTE FUNCTION body_terms_stays();
CREATE TRIGGER body_terms_no_truncate BEFORE TRUNCATE ON body_terms FOR EACH STATEMENT EXECUTE FUNCTION body_terms_stays();
-- +goose StatementBegin
CREATE FUNCTION meeting_minutes_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'confirmed minutes are never changed'; END $$;
-- +goose StatementEnd
CREATE TRIGGER meeting_minutes_no_change BEFORE UPDATE OR DELETE ON meeting_minutes FOR EACH ROW EXECUTE FUNCTION meeting_minutes_stays();
CREATE TRIGGER meeting_minutes_no_truncate BEFORE TRUNCATE ON meeting_minutes FOR EACH STATEMENT EXECUTE FUNCTION meeting_minutes_stays();
-- +goose StatementBegin
CREATE FUNCTION decision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a decision that was taken is superseded, never edited'; END $$;
-- +goose StatementEnd
CREATE TRIGGER decision_no_edit BEFORE UPDATE ON decision FOR EACH ROW
  WHEN (OLD.state <> 'asked' AND (NEW.title <> OLD.title OR NEW.words <> OLD.words OR NEW.decided_on <> OLD.decided_on OR NEW.person_id <> OLD.person_id OR NEW.body_id <> OLD.body_id OR NEW.dissent <> OLD.dissent OR NEW.state = 'asked')) EXECUTE FUNCTION decision_stays();
CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision FOR EACH ROW EXECUTE FUNCTION decision_stays();
CREATE TRIGGER decision_no_truncate BEFORE TRUNCATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION decision_stays();

-- +goose Down
SELECT 1;
