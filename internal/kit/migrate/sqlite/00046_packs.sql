-- +goose Up
-- What the record left a person, a pack of lines for each read of the record and not a
-- row for each piece: a rebuild from a million participations is a matter of seconds,
-- and a standing reads a few rows. Where somebody's work lies stands beside it.
CREATE TABLE career_pack (
  person_id TEXT NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  items TEXT NOT NULL,
  PRIMARY KEY (person_id, first_seq, last_seq)
) STRICT;
CREATE TABLE career_place (
  person_id TEXT NOT NULL,
  place_id TEXT NOT NULL,
  PRIMARY KEY (person_id, place_id)
) STRICT, WITHOUT ROWID;
DROP TABLE career_item;
-- The record is read again from its beginning.
UPDATE activity_cursor SET position = 0 WHERE reader = 'career';

-- +goose Down
SELECT 1;
