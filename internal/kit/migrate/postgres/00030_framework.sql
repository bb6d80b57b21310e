-- +goose Up
-- A published version of the career framework: one text, never changed. The newest
-- is in force; a standing can be computed by an older one.
CREATE TABLE framework_version (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,
  framework_id TEXT COLLATE "C" NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  content TEXT COLLATE "C" NOT NULL,
  sha256 TEXT COLLATE "C" NOT NULL,
  based_on TEXT COLLATE "C" NOT NULL,
  changes TEXT COLLATE "C" NOT NULL,
  published_by TEXT COLLATE "C" NOT NULL,
  published_at BIGINT NOT NULL
);
-- The next version while it is being written: one at a time.
CREATE TABLE framework_draft (
  slot TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (slot = 'next'),
  based_on TEXT COLLATE "C" NOT NULL,
  content TEXT COLLATE "C" NOT NULL,
  changes TEXT COLLATE "C" NOT NULL,
  changed_by TEXT COLLATE "C" NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
-- +goose StatementBegin
CREATE FUNCTION framework_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a published framework is never changed'; END $$;
-- +goose StatementEnd
CREATE TRIGGER framework_version_for_good BEFORE UPDATE OR DELETE OR TRUNCATE ON framework_version
  FOR EACH STATEMENT EXECUTE FUNCTION framework_refuse();

-- +goose Down
SELECT 1;
