-- +goose Up
-- Who offers to mentor: one offer a person, for everybody with an account.
CREATE TABLE mentoring_offer (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL UNIQUE,
  topics TEXT NOT NULL,
  words TEXT NOT NULL,
  every_weeks INTEGER NOT NULL,
  places INTEGER NOT NULL,
  until_on TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
-- Two people with a rhythm. A question to which nobody said yes is deleted: that it
-- was asked, refused or taken back leaves nothing. When they meet next is computed.
CREATE TABLE mentoring_pair (
  id TEXT NOT NULL PRIMARY KEY,
  mentor_id TEXT NOT NULL,
  mentee_id TEXT NOT NULL,
  words TEXT NOT NULL,
  every_weeks INTEGER NOT NULL,
  state TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  began_on TEXT NOT NULL,
  ended_on TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX mentoring_pair_mentor ON mentoring_pair (mentor_id, state);
CREATE INDEX mentoring_pair_mentee ON mentoring_pair (mentee_id, state);
CREATE UNIQUE INDEX mentoring_pair_once ON mentoring_pair (mentor_id, mentee_id) WHERE state <> 'ended';
CREATE TABLE mentoring_meeting (
  id TEXT NOT NULL PRIMARY KEY,
  pair_id TEXT NOT NULL REFERENCES mentoring_pair (id) ON DELETE CASCADE,
  held_on TEXT NOT NULL,
  minutes INTEGER NOT NULL,
  noted_by TEXT NOT NULL,
  UNIQUE (pair_id, held_on)
) STRICT;
-- What one of the two wrote for themselves alone.
CREATE TABLE mentoring_note (
  meeting_id TEXT NOT NULL REFERENCES mentoring_meeting (id) ON DELETE CASCADE,
  person_id TEXT NOT NULL,
  words TEXT NOT NULL,
  PRIMARY KEY (meeting_id, person_id)
) STRICT;
CREATE INDEX mentoring_note_person ON mentoring_note (person_id, meeting_id);
-- On which days a mentor read what the other wrote; the other reads it.
CREATE TABLE mentoring_look (
  pair_id TEXT NOT NULL REFERENCES mentoring_pair (id) ON DELETE CASCADE,
  person_id TEXT NOT NULL,
  looked_on TEXT NOT NULL,
  PRIMARY KEY (pair_id, person_id, looked_on)
) STRICT;
CREATE VIEW v_mentoring_met AS
  SELECT m.id, p.mentor_id, p.mentee_id, m.held_on, m.minutes FROM mentoring_meeting m JOIN mentoring_pair p ON p.id = m.pair_id;
-- A step of a plan can name who helps with it.
ALTER TABLE plan_step ADD COLUMN mentor_id TEXT NOT NULL DEFAULT '';

-- +goose Down
SELECT 1;
