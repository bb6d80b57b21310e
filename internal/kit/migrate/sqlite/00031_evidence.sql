-- +goose Up
-- What a piece of work was done in, and the tier of its project where the work
-- itself says it. A piece whose kind is empty was taken back by a later entry: it
-- stays, so that an older entry that is read again does not bring it back.
ALTER TABLE career_item ADD COLUMN body_id TEXT NOT NULL DEFAULT '';
ALTER TABLE career_item ADD COLUMN tier TEXT NOT NULL DEFAULT '';
DROP INDEX career_item_sum;
CREATE INDEX career_item_sum ON career_item (person_id, kind, work_role, origin, project_id, body_id, tier, from_on, to_on, item_key);
-- More kinds are derived now: the record is read again from its beginning.
UPDATE activity_cursor SET position = 0 WHERE reader = 'career';
-- What a person made of a proposal: kept in their words, or dropped.
CREATE TABLE career_claim (
  person_id TEXT NOT NULL REFERENCES person (id),
  group_id TEXT NOT NULL,
  state TEXT NOT NULL,
  words TEXT NOT NULL,
  leaves TEXT NOT NULL,
  hides TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (person_id, group_id)
) STRICT;
-- What a person says of work elsewhere, of any kind.
CREATE TABLE career_entry (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL,
  work_role TEXT NOT NULL,
  words TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  project_name TEXT NOT NULL,
  tier TEXT NOT NULL,
  is_finished INTEGER NOT NULL CHECK (is_finished IN (0, 1)),
  is_outside INTEGER NOT NULL CHECK (is_outside IN (0, 1)),
  pieces INTEGER NOT NULL,
  hours INTEGER NOT NULL,
  projects INTEGER NOT NULL,
  people INTEGER NOT NULL,
  bodies INTEGER NOT NULL,
  about TEXT NOT NULL,
  leaves TEXT NOT NULL,
  hides TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX career_entry_person ON career_entry (person_id, from_on, id);
-- Who was asked to confirm what, in which words, and what they said.
CREATE TABLE career_attestation (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  about_kind TEXT NOT NULL,
  about_id TEXT NOT NULL,
  attester_id TEXT NOT NULL,
  attester_name TEXT NOT NULL,
  wording TEXT NOT NULL,
  amended TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  covers_to TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  answered_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX career_attestation_person ON career_attestation (person_id, about_kind, about_id);
CREATE INDEX career_attestation_attester ON career_attestation (attester_id, state);
CREATE UNIQUE INDEX career_attestation_token ON career_attestation (token_hash) WHERE token_hash <> '';

-- +goose Down
SELECT 1;
