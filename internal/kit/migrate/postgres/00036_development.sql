-- +goose Up
-- A person's own plan: steps that they mean to take, reviews of where they are, and
-- with whom they share which step. All of it is theirs alone.
CREATE TABLE plan_step (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  why TEXT COLLATE "C" NOT NULL,
  source_kind TEXT COLLATE "C" NOT NULL,
  source_id TEXT COLLATE "C" NOT NULL,
  due_on TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  ended_on TEXT COLLATE "C" NOT NULL,
  words_before TEXT COLLATE "C" NOT NULL,
  words_after TEXT COLLATE "C" NOT NULL,
  made_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX plan_step_person ON plan_step (person_id, due_on, id);
CREATE TABLE plan_review (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL,
  held_on TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE INDEX plan_review_person ON plan_review (person_id, held_on, id);
CREATE TABLE plan_share (
  step_id TEXT COLLATE "C" NOT NULL REFERENCES plan_step (id) ON DELETE CASCADE,
  person_id TEXT COLLATE "C" NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (step_id, person_id)
);
CREATE INDEX plan_share_person ON plan_share (person_id, step_id);
-- Who looked at what was shared, and when last on a day; only the owner reads it.
CREATE TABLE plan_look (
  step_id TEXT COLLATE "C" NOT NULL REFERENCES plan_step (id) ON DELETE CASCADE,
  person_id TEXT COLLATE "C" NOT NULL,
  looked_on TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (step_id, person_id, looked_on)
);

-- +goose Down
SELECT 1;
