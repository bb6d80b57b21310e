-- +goose Up
CREATE TABLE case_study (
  id TEXT NOT NULL PRIMARY KEY,
  author_id TEXT NOT NULL REFERENCES person (id),
  organiser_id TEXT NOT NULL,
  state TEXT NOT NULL,
  consent TEXT NOT NULL,
  is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  organiser_view TEXT NOT NULL,
  summary TEXT NOT NULL,
  follow_up TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX case_study_published ON case_study (state, published_at, id);
CREATE INDEX case_study_author ON case_study (author_id, state);
-- What a case said before it was corrected.
CREATE TABLE case_earlier (
  case_id TEXT NOT NULL REFERENCES case_study (id),
  version INTEGER NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  replaced_at INTEGER NOT NULL,
  PRIMARY KEY (case_id, version)
) STRICT;
CREATE TABLE case_answer (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES case_study (id),
  question INTEGER NOT NULL,
  author_id TEXT NOT NULL REFERENCES person (id),
  label TEXT NOT NULL,
  body TEXT NOT NULL,
  named INTEGER NOT NULL CHECK (named IN (0, 1)),
  withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
  answered_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX case_answer_case ON case_answer (case_id, id);
CREATE TABLE case_answer_earlier (
  answer_id TEXT NOT NULL REFERENCES case_answer (id),
  version INTEGER NOT NULL,
  label TEXT NOT NULL,
  body TEXT NOT NULL,
  replaced_at INTEGER NOT NULL,
  PRIMARY KEY (answer_id, version)
) STRICT;
CREATE TABLE case_mark (
  answer_id TEXT NOT NULL REFERENCES case_answer (id),
  person_id TEXT NOT NULL REFERENCES person (id),
  PRIMARY KEY (answer_id, person_id)
) STRICT;

-- +goose Down
SELECT 1;
