-- +goose Up
-- What a person takes away of their career for somebody who expects a form: a draft
-- that they edit, and its lines, each with the evidence behind it. It is theirs alone
-- and goes when they turn their career off.
CREATE TABLE career_paper (
  person_id TEXT NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (person_id, kind)
) STRICT;
CREATE TABLE career_paper_line (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL,
  section TEXT NOT NULL,
  source TEXT NOT NULL,
  filled TEXT NOT NULL,
  body TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX career_paper_line_person ON career_paper_line (person_id, kind, id);
CREATE UNIQUE INDEX career_paper_line_source ON career_paper_line (person_id, kind, source) WHERE source <> '';

-- +goose Down
SELECT 1;
