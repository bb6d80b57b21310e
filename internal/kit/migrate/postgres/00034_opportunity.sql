-- +goose Up
-- Pieces of real work that somebody may lead, deputise at, shadow or support.
CREATE TABLE opportunity (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  project_id TEXT COLLATE "C" NOT NULL,
  subject_kind TEXT COLLATE "C" NOT NULL,
  subject_id TEXT COLLATE "C" NOT NULL,
  form TEXT COLLATE "C" NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  need TEXT COLLATE "C" NOT NULL,
  authority TEXT COLLATE "C" NOT NULL,
  from_on TEXT COLLATE "C" NOT NULL,
  to_on TEXT COLLATE "C" NOT NULL,
  hours BIGINT NOT NULL,
  places BIGINT NOT NULL,
  offered_by TEXT COLLATE "C" NOT NULL,
  offered_at BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX opportunity_coming ON opportunity (state, to_on, id);
CREATE INDEX opportunity_project ON opportunity (project_id, state, to_on, id);
CREATE INDEX opportunity_offered ON opportunity (offered_by, state);
-- Who would like to do one, and who does. A place that is not given is deleted:
-- refusals leave nothing.
CREATE TABLE opportunity_place (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  opportunity_id TEXT COLLATE "C" NOT NULL REFERENCES opportunity (id),
  person_id TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  line_id TEXT COLLATE "C" NOT NULL,
  line_agreed BOOLEAN NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  applied_at BIGINT NOT NULL,
  given_by TEXT COLLATE "C" NOT NULL,
  agreed_at BIGINT NOT NULL,
  done TEXT COLLATE "C" NOT NULL,
  learned TEXT COLLATE "C" NOT NULL,
  hours BIGINT NOT NULL,
  done_at BIGINT NOT NULL,
  confirmed_by TEXT COLLATE "C" NOT NULL,
  confirmed_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (opportunity_id, person_id)
);
CREATE INDEX opportunity_place_person ON opportunity_place (person_id, state);
CREATE INDEX opportunity_place_line ON opportunity_place (line_id, state);

-- +goose Down
SELECT 1;
