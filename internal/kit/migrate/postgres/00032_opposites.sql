-- +goose Up
-- A person's own marks of the paired opposites, one row a round, and until when
-- colleagues are asked for theirs.
CREATE TABLE opposites_round (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  rated_on TEXT COLLATE "C" NOT NULL,
  marks TEXT COLLATE "C" NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  asked_on TEXT COLLATE "C" NOT NULL,
  until_on TEXT COLLATE "C" NOT NULL,
  closed_on TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX opposites_round_person ON opposites_round (person_id, rated_on, id);
-- Who is asked. It goes when the round is over.
CREATE TABLE opposites_invited (
  round_id TEXT COLLATE "C" NOT NULL REFERENCES opposites_round (id),
  person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  PRIMARY KEY (round_id, person_id)
);
CREATE INDEX opposites_invited_person ON opposites_invited (person_id, round_id);
-- What came in, all in one row that each answer rewrites: how many gave each mark,
-- and who has dealt with it, answered or declined, as salted hashes. No row is an
-- answer, none holds an answerer or a time. Salt and hashes go when the round is
-- over, and the counts too if fewer than five answered.
CREATE TABLE opposites_box (
  round_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES opposites_round (id),
  salt TEXT COLLATE "C" NOT NULL,
  dealt TEXT COLLATE "C" NOT NULL,
  answers BIGINT NOT NULL,
  tally TEXT COLLATE "C" NOT NULL
);
-- On which day colleagues' answers were last shown to a person: what a round that
-- they deleted leaves, so that asking again has to wait all the same.
CREATE TABLE opposites_shown (
  person_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES person (id),
  shown_on TEXT COLLATE "C" NOT NULL
);

-- +goose Down
SELECT 1;
