-- +goose Up
-- What a piece of work was done in, and the tier of its project where the work
-- itself says it. A piece whose kind is empty was taken back by a later entry: it
-- stays, so that an older entry that is read again does not bring it back.
ALTER TABLE career_item ADD COLUMN body_id TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE career_item ADD COLUMN tier TEXT COLLATE "C" NOT NULL DEFAULT '';
DROP INDEX career_item_sum;
CREATE INDEX career_item_sum ON career_item (person_id, kind, work_role, origin, project_id, body_id, tier, from_on, to_on, item_key);
-- More kinds are derived now: the record is read again from its beginning.
UPDATE activity_cursor SET position = 0 WHERE reader = 'career';
-- What a person made of a proposal: kept in their words, or dropped.
CREATE TABLE career_claim (
  person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  group_id TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  leaves TEXT COLLATE "C" NOT NULL,
  hides TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (person_id, group_id)
);
-- What a person says of work elsewhere, of any kind.
CREATE TABLE career_entry (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  kind TEXT COLLATE "C" NOT NULL,
  work_role TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  from_on TEXT COLLATE "C" NOT NULL,
  to_on TEXT COLLATE "C" NOT NULL,
  project_name TEXT COLLATE "C" NOT NULL,
  tier TEXT COLLATE "C" NOT NULL,
  is_finished BOOLEAN NOT NULL,
  is_outside BOOLEAN NOT NULL,
  pieces BIGINT NOT NULL,
  hours BIGINT NOT NULL,
  projects BIGINT NOT NULL,
  people BIGINT NOT NULL,
  bodies BIGINT NOT NULL,
  about TEXT COLLATE "C" NOT NULL,
  leaves TEXT COLLATE "C" NOT NULL,
  hides TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX career_entry_person ON career_entry (person_id, from_on, id);
-- Who was asked to confirm what, in which words, and what they said.
CREATE TABLE career_attestation (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  about_kind TEXT COLLATE "C" NOT NULL,
  about_id TEXT COLLATE "C" NOT NULL,
  attester_id TEXT COLLATE "C" NOT NULL,
  attester_name TEXT COLLATE "C" NOT NULL,
  wording TEXT COLLATE "C" NOT NULL,
  amended TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  covers_to TEXT COLLATE "C" NOT NULL,
  token_hash TEXT COLLATE "C" NOT NULL,
  expires_at BIGINT NOT NULL,
  asked_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX career_attestation_person ON career_attestation (person_id, about_kind, about_id);
CREATE INDEX career_attestation_attester ON career_attestation (attester_id, state);
CREATE UNIQUE INDEX career_attestation_token ON career_attestation (token_hash) WHERE token_hash <> '';

-- +goose Down
SELECT 1;
