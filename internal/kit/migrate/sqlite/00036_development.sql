-- +goose Up
-- A person's own plan: steps that they mean to take, reviews of where they are, and
-- with whom they share which step. All of it is theirs alone.
CREATE TABLE plan_step (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL,
  title TEXT NOT NULL,
  why TEXT NOT NULL,
  source_kind TEXT NOT NULL,
  source_id TEXT NOT NULL,
  due_on TEXT NOT NULL,
  state TEXT NOT NULL,
  ended_on TEXT NOT NULL,
  words_before TEXT NOT NULL,
  words_after TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX plan_step_person ON plan_step (person_id, due_on, id);
CREATE TABLE plan_review (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL,
  held_on TEXT NOT NULL,
  words TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX plan_review_person ON plan_review (person_id, held_on, id);
CREATE TABLE plan_share (
  step_id TEXT NOT NULL REFERENCES plan_step (id) ON DELETE CASCADE,
  person_id TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (step_id, person_id)
) STRICT;
CREATE INDEX plan_share_person ON plan_share (person_id, step_id);
-- Who looked at what was shared, and when last on a day; only the owner reads it.
CREATE TABLE plan_look (
  step_id TEXT NOT NULL REFERENCES plan_step (id) ON DELETE CASCADE,
  person_id TEXT NOT NULL,
  looked_on TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (step_id, person_id, looked_on)
) STRICT;

-- +goose Down
SELECT 1;
