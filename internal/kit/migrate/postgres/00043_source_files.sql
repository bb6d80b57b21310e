-- +goose Up
-- The files of a source that were brought in, so that what is gone from the source
-- is worked out from those that stand and never from the order of their undoing.
-- A file holds the projects of which its batch has a statement, and those of which
-- it said nothing new (an effect "held"). One of which rows were refused is not
-- whole: what it lacks is not gone.
CREATE TABLE source_file (
  batch TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  source TEXT COLLATE "C" NOT NULL,
  as_at TEXT COLLATE "C" NOT NULL,
  whole BOOLEAN NOT NULL
);
CREATE INDEX source_file_source ON source_file (source, batch);
INSERT INTO source_file (batch, source, as_at, whole)
  SELECT id, source, as_at, refused = 0 FROM transfer_import WHERE kind = '';
-- Of files that were brought in before this: what they stated before statements
-- knew their batch, and what they repeated of another file of the same day.
INSERT INTO batch_effect (batch, project_id, kind, subject_id, was, became, version, outcome)
  SELECT DISTINCT i.id, s.project_id, 'held', s.project_id, '', '', 0, ''
  FROM transfer_import i JOIN project_statement s ON s.source = i.source JOIN project q ON q.id = s.project_id
  WHERE i.kind = '' AND i.source <> '' AND s.retracted_at = 0 AND (
    s.batch = '' AND s.known_at = i.applied_at
    OR s.as_at = i.as_at AND s.batch <> i.id AND s.known_at < i.applied_at AND q.vanished_from <> i.source);

-- +goose Down
SELECT 1;
