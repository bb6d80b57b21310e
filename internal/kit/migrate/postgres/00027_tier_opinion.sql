-- +goose Up
-- What those say of a lower tier whom the method wants to hear before it is set, of
-- the answers that gave the tier: the next answers ask anew.
CREATE TABLE tier_opinion (
  dial_id TEXT COLLATE "C" NOT NULL REFERENCES dial_answer (id),
  role TEXT COLLATE "C" NOT NULL,
  person_id TEXT COLLATE "C" NOT NULL,
  agrees BOOLEAN NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  said_on TEXT COLLATE "C" NOT NULL,
  said_at BIGINT NOT NULL,
  PRIMARY KEY (dial_id, role)
);
