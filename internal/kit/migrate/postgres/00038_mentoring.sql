-- +goose Up
-- Who offers to mentor: one offer a person, for everybody with an account.
CREATE TABLE mentoring_offer (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL UNIQUE,
  topics TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  every_weeks BIGINT NOT NULL,
  places BIGINT NOT NULL,
  until_on TEXT COLLATE "C" NOT NULL,
  made_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
-- Two people with a rhythm. A question to which nobody said yes is deleted: that it
-- was asked, refused or taken back leaves nothing. When they meet next is computed.
CREATE TABLE mentoring_pair (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  mentor_id TEXT COLLATE "C" NOT NULL,
  mentee_id TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  every_weeks BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  asked_at BIGINT NOT NULL,
  began_on TEXT COLLATE "C" NOT NULL,
  ended_on TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX mentoring_pair_mentor ON mentoring_pair (mentor_id, state);
CREATE INDEX mentoring_pair_mentee ON mentoring_pair (mentee_id, state);
CREATE UNIQUE INDEX mentoring_pair_once ON mentoring_pair (mentor_id, mentee_id) WHERE state <> 'ended';
CREATE TABLE mentoring_meeting (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  pair_id TEXT COLLATE "C" NOT NULL REFERENCES mentoring_pair (id) ON DELETE CASCADE,
  held_on TEXT COLLATE "C" NOT NULL,
  minutes BIGINT NOT NULL,
  noted_by TEXT COLLATE "C" NOT NULL,
  UNIQUE (pair_id, held_on)
);
-- What one of the two wrote for themselves alone.
CREATE TABLE mentoring_note (
  meeting_id TEXT COLLATE "C" NOT NULL REFERENCES mentoring_meeting (id) ON DELETE CASCADE,
  person_id TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (meeting_id, person_id)
);
CREATE INDEX mentoring_note_person ON mentoring_note (person_id, meeting_id);
-- On which days a mentor read what the other wrote; the other reads it.
CREATE TABLE mentoring_look (
  pair_id TEXT COLLATE "C" NOT NULL REFERENCES mentoring_pair (id) ON DELETE CASCADE,
  person_id TEXT COLLATE "C" NOT NULL,
  looked_on TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (pair_id, person_id, looked_on)
);
CREATE VIEW v_mentoring_met AS
  SELECT m.id, p.mentor_id, p.mentee_id, m.held_on, m.minutes FROM mentoring_meeting m JOIN mentoring_pair p ON p.id = m.pair_id;
-- A step of a plan can name who helps with it.
ALTER TABLE plan_step ADD COLUMN mentor_id TEXT COLLATE "C" NOT NULL DEFAULT '';

-- +goose Down
SELECT 1;
