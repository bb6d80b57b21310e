-- +goose Up
-- What this instance is: its organisation's name, and whether it is the demonstration.
CREATE TABLE instance (
  name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);

-- +goose Down
SELECT 1;
