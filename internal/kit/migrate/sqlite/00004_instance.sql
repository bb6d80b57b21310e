-- +goose Up
-- What this instance is: its organisation's name, and whether it is the demonstration.
CREATE TABLE instance (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- +goose Down
SELECT 1;
