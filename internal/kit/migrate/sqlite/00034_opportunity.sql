-- +goose Up
-- Pieces of real work that somebody may lead, deputise at, shadow or support.
CREATE TABLE opportunity (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  form TEXT NOT NULL,
  title TEXT NOT NULL,
  need TEXT NOT NULL,
  authority TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  hours INTEGER NOT NULL,
  places INTEGER NOT NULL,
  offered_by TEXT NOT NULL,
  offered_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX opportunity_coming ON opportunity (state, to_on, id);
CREATE INDEX opportunity_project ON opportunity (project_id, state, to_on, id);
CREATE INDEX opportunity_offered ON opportunity (offered_by, state);
-- Who would like to do one, and who does. A place that is not given is deleted:
-- refusals leave nothing.
CREATE TABLE opportunity_place (
  id TEXT NOT NULL PRIMARY KEY,
  opportunity_id TEXT NOT NULL REFERENCES opportunity (id),
  person_id TEXT NOT NULL,
  words TEXT NOT NULL,
  line_id TEXT NOT NULL,
  line_agreed INTEGER NOT NULL CHECK (line_agreed IN (0, 1)),
  state TEXT NOT NULL,
  applied_at INTEGER NOT NULL,
  given_by TEXT NOT NULL,
  agreed_at INTEGER NOT NULL,
  done TEXT NOT NULL,
  learned TEXT NOT NULL,
  hours INTEGER NOT NULL,
  done_at INTEGER NOT NULL,
  confirmed_by TEXT NOT NULL,
  confirmed_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  UNIQUE (opportunity_id, person_id)
) STRICT;
CREATE INDEX opportunity_place_person ON opportunity_place (person_id, state);
CREATE INDEX opportunity_place_line ON opportunity_place (line_id, state);

-- +goose Down
SELECT 1;
