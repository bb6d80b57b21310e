-- +goose Up
-- A person's own marks of the paired opposites, one row a round, and until when
-- colleagues are asked for theirs.
CREATE TABLE opposites_round (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  rated_on TEXT NOT NULL,
  marks TEXT NOT NULL,
  note TEXT NOT NULL,
  asked_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  closed_on TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX opposites_round_person ON opposites_round (person_id, rated_on, id);
-- Who is asked. It goes when the round is over.
CREATE TABLE opposites_invited (
  round_id TEXT NOT NULL REFERENCES opposites_round (id),
  person_id TEXT NOT NULL REFERENCES person (id),
  PRIMARY KEY (round_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX opposites_invited_person ON opposites_invited (person_id, round_id);
-- What came in, all in one row that each answer rewrites: how many gave each mark,
-- and who has dealt with it, answered or declined, as salted hashes. No row is an
-- answer, none holds an answerer or a time. Salt and hashes go when the round is
-- over, and the counts too if fewer than five answered.
CREATE TABLE opposites_box (
  round_id TEXT NOT NULL PRIMARY KEY REFERENCES opposites_round (id),
  salt TEXT NOT NULL,
  dealt TEXT NOT NULL,
  answers INTEGER NOT NULL,
  tally TEXT NOT NULL
) STRICT;
-- On which day colleagues' answers were last shown to a person: what a round that
-- they deleted leaves, so that asking again has to wait all the same.
CREATE TABLE opposites_shown (
  person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
  shown_on TEXT NOT NULL
) STRICT;

-- +goose Down
SELECT 1;
