-- +goose Up
-- What those say of a lower tier whom the method wants to hear before it is set, of
-- the answers that gave the tier: the next answers ask anew.
CREATE TABLE tier_opinion (
  dial_id TEXT NOT NULL REFERENCES dial_answer (id),
  role TEXT NOT NULL,
  person_id TEXT NOT NULL,
  agrees INTEGER NOT NULL CHECK (agrees IN (0, 1)),
  words TEXT NOT NULL,
  said_on TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  PRIMARY KEY (dial_id, role)
) STRICT;
