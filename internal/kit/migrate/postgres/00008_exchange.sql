-- +goose Up
CREATE TABLE case_study (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  author_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  organiser_id TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  consent TEXT COLLATE "C" NOT NULL,
  is_open BOOLEAN NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  organiser_view TEXT COLLATE "C" NOT NULL,
  summary TEXT COLLATE "C" NOT NULL,
  follow_up TEXT COLLATE "C" NOT NULL,
  published_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX case_study_published ON case_study (state, published_at, id);
CREATE INDEX case_study_author ON case_study (author_id, state);
-- What a case said before it was corrected.
CREATE TABLE case_earlier (
  case_id TEXT COLLATE "C" NOT NULL REFERENCES case_study (id),
  version BIGINT NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  replaced_at BIGINT NOT NULL,
  PRIMARY KEY (case_id, version)
);
CREATE TABLE case_answer (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  case_id TEXT COLLATE "C" NOT NULL REFERENCES case_study (id),
  question BIGINT NOT NULL,
  author_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  label TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  named BOOLEAN NOT NULL,
  withdrawn BOOLEAN NOT NULL,
  answered_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX case_answer_case ON case_answer (case_id, id);
CREATE TABLE case_answer_earlier (
  answer_id TEXT COLLATE "C" NOT NULL REFERENCES case_answer (id),
  version BIGINT NOT NULL,
  label TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  replaced_at BIGINT NOT NULL,
  PRIMARY KEY (answer_id, version)
);
CREATE TABLE case_mark (
  answer_id TEXT COLLATE "C" NOT NULL REFERENCES case_answer (id),
  person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  PRIMARY KEY (answer_id, person_id)
);

-- +goose Down
SELECT 1;
