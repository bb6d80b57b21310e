-- +goose Up
-- Actions: one register for the whole product, whatever raised them.
CREATE TABLE action_item (
  id TEXT NOT NULL PRIMARY KEY,
  title TEXT NOT NULL,
  title_key TEXT NOT NULL,
  detail TEXT NOT NULL,
  project_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  due_on TEXT NOT NULL,
  state TEXT NOT NULL,
  raised_by TEXT NOT NULL,
  raised_on TEXT NOT NULL,
  raised_at INTEGER NOT NULL,
  origin_kind TEXT NOT NULL,
  origin_id TEXT NOT NULL,
  origin_title TEXT NOT NULL,
  origin_path TEXT NOT NULL,
  ended_on TEXT NOT NULL,
  ended_words TEXT NOT NULL,
  due_moves INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX action_item_due ON action_item (state, due_on, id);
CREATE INDEX action_item_raised ON action_item (state, raised_on, id);
CREATE INDEX action_item_owner ON action_item (owner_id, state, due_on, id);
CREATE INDEX action_item_project ON action_item (project_id, state, due_on, id);
CREATE INDEX action_item_origin ON action_item (origin_kind, origin_id, due_on, id);
-- What became of an action, step by step: dates that moved, owners, how it ended.
CREATE TABLE action_step (
  action_id TEXT NOT NULL REFERENCES action_item (id),
  number INTEGER NOT NULL,
  what TEXT NOT NULL,
  was TEXT NOT NULL,
  became TEXT NOT NULL,
  words TEXT NOT NULL,
  person_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (action_id, number)
) STRICT;
CREATE VIEW v_action AS
  SELECT id, title, project_id, owner_id, due_on, state, raised_by, raised_on, origin_kind, origin_id, ended_on FROM action_item;

-- Governing bodies, who sits in them, and who may stand in for whom.
CREATE TABLE body (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  kind TEXT NOT NULL,
  node_id TEXT NOT NULL,
  quorum_count INTEGER NOT NULL,
  quorum_share INTEGER NOT NULL,
  ended_on TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX body_name ON body (name_key, id);
CREATE INDEX body_node ON body (node_id, name_key, id);
CREATE TABLE body_terms (
  body_id TEXT NOT NULL REFERENCES body (id),
  number INTEGER NOT NULL,
  words TEXT NOT NULL,
  approved_on TEXT NOT NULL,
  person_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (body_id, number)
) STRICT;
CREATE TABLE seat (
  id TEXT NOT NULL PRIMARY KEY,
  body_id TEXT NOT NULL REFERENCES body (id),
  person_id TEXT NOT NULL REFERENCES person (id),
  seat TEXT NOT NULL,
  side TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX seat_body ON seat (body_id, from_on, id);
CREATE INDEX seat_person ON seat (person_id, body_id);
CREATE TABLE seat_deputy (
  id TEXT NOT NULL PRIMARY KEY,
  seat_id TEXT NOT NULL REFERENCES seat (id),
  person_id TEXT NOT NULL REFERENCES person (id),
  authority TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL
) STRICT;
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
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  body_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  node_id TEXT NOT NULL,
  held_on TEXT NOT NULL,
  starts TEXT NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL,
  number INTEGER NOT NULL,
  quorum_needed INTEGER NOT NULL,
  quorum_present INTEGER NOT NULL,
  minutes TEXT NOT NULL,
  called_by TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX meeting_held ON meeting (held_on, id);
CREATE INDEX meeting_state ON meeting (state, held_on, id);
CREATE INDEX meeting_body ON meeting (body_id, held_on, id);
CREATE INDEX meeting_project ON meeting (project_id, held_on, id);
-- Who was there and in which capacity; before the meeting: who is invited beside
-- those whom the body or the project brings along.
CREATE TABLE attendance (
  meeting_id TEXT NOT NULL REFERENCES meeting (id),
  person_id TEXT NOT NULL REFERENCES person (id),
  seat TEXT NOT NULL,
  side TEXT NOT NULL,
  capacity TEXT NOT NULL,
  for_person_id TEXT NOT NULL,
  authority TEXT NOT NULL,
  there INTEGER NOT NULL CHECK (there IN (0, 1)),
  work_role TEXT NOT NULL,
  confirmed_by TEXT NOT NULL,
  confirmed_at INTEGER NOT NULL,
  PRIMARY KEY (meeting_id, person_id)
) STRICT;
CREATE INDEX attendance_person ON attendance (person_id, meeting_id);
CREATE INDEX attendance_unconfirmed ON attendance (for_person_id, meeting_id) WHERE capacity = 'deputy' AND confirmed_at = 0;
CREATE TABLE meeting_minutes (
  meeting_id TEXT NOT NULL REFERENCES meeting (id),
  number INTEGER NOT NULL,
  words TEXT NOT NULL,
  present TEXT NOT NULL,
  confirmed_by TEXT NOT NULL,
  confirmed_at INTEGER NOT NULL,
  PRIMARY KEY (meeting_id, number)
) STRICT;
CREATE TABLE seat_offer (
  id TEXT NOT NULL PRIMARY KEY,
  meeting_id TEXT NOT NULL REFERENCES meeting (id),
  person_id TEXT NOT NULL REFERENCES person (id),
  deputy_id TEXT NOT NULL REFERENCES person (id),
  authority TEXT NOT NULL,
  state TEXT NOT NULL,
  offered_at INTEGER NOT NULL,
  answered_at INTEGER NOT NULL
) STRICT;
CREATE INDEX seat_offer_meeting ON seat_offer (meeting_id, id);
CREATE INDEX seat_offer_deputy ON seat_offer (deputy_id, state);
CREATE INDEX seat_offer_person ON seat_offer (person_id, state);
CREATE VIEW v_meeting AS
  SELECT id, kind, body_id, project_id, node_id, held_on, starts, subject, state, number, quorum_needed, quorum_present FROM meeting;
CREATE VIEW v_attendance AS
  SELECT meeting_id, person_id, seat, side, capacity, for_person_id, there, work_role, confirmed_at FROM attendance;

-- Decisions: one register. What was decided is superseded, never edited.
CREATE TABLE decision (
  id TEXT NOT NULL PRIMARY KEY,
  title TEXT NOT NULL,
  title_key TEXT NOT NULL,
  words TEXT NOT NULL,
  state TEXT NOT NULL,
  dated_on TEXT NOT NULL,
  asked_on TEXT NOT NULL,
  decided_on TEXT NOT NULL,
  person_id TEXT NOT NULL,
  body_id TEXT NOT NULL,
  dissent TEXT NOT NULL,
  project_id TEXT NOT NULL,
  node_id TEXT NOT NULL,
  origin_kind TEXT NOT NULL,
  origin_id TEXT NOT NULL,
  origin_title TEXT NOT NULL,
  origin_path TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  due_on TEXT NOT NULL,
  carried_on TEXT NOT NULL,
  carried_words TEXT NOT NULL,
  supersedes_id TEXT NOT NULL,
  superseded_by TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_dated ON decision (dated_on, id);
CREATE INDEX decision_state ON decision (state, dated_on, id);
CREATE INDEX decision_project ON decision (project_id, dated_on, id);
CREATE INDEX decision_body ON decision (body_id, dated_on, id);
CREATE INDEX decision_origin ON decision (origin_kind, origin_id, dated_on, id);
CREATE VIEW v_decision AS
  SELECT id, title, state, decided_on, person_id, body_id, project_id, node_id, origin_kind, origin_id, owner_id, due_on, carried_on, superseded_by FROM decision;

-- +goose StatementBegin
CREATE TRIGGER action_step_no_update BEFORE UPDATE ON action_step
BEGIN SELECT RAISE(ABORT, 'what happened to an action is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER action_step_no_delete BEFORE DELETE ON action_step
BEGIN SELECT RAISE(ABORT, 'what happened to an action is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER body_terms_no_update BEFORE UPDATE ON body_terms
BEGIN SELECT RAISE(ABORT, 'approved terms of reference are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER body_terms_no_delete BEFORE DELETE ON body_terms
BEGIN SELECT RAISE(ABORT, 'approved terms of reference are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER meeting_minutes_no_update BEFORE UPDATE ON meeting_minutes
BEGIN SELECT RAISE(ABORT, 'confirmed minutes are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER meeting_minutes_no_delete BEFORE DELETE ON meeting_minutes
BEGIN SELECT RAISE(ABORT, 'confirmed minutes are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER decision_no_edit BEFORE UPDATE ON decision
WHEN OLD.state <> 'asked' AND (NEW.title <> OLD.title OR NEW.words <> OLD.words OR NEW.decided_on <> OLD.decided_on OR NEW.person_id <> OLD.person_id OR NEW.body_id <> OLD.body_id OR NEW.dissent <> OLD.dissent OR NEW.state = 'asked')
BEGIN SELECT RAISE(ABORT, 'a decision that was taken is superseded, never edited'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'a decision that was taken is superseded, never edited'); END;
-- +goose StatementEnd

-- +goose Down
SELECT 1;
