-- +goose Up
-- Mail that goes out. What a message says is kept until it is sent or given up, and
-- no longer: it can hold a link that is a secret.
CREATE TABLE mail (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL,
  to_address TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  body_text TEXT NOT NULL,
  body_html TEXT NOT NULL,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL,
  error TEXT NOT NULL,
  queued_at INTEGER NOT NULL,
  sent_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_state ON mail (state, id);
CREATE INDEX mail_person ON mail (person_id);

-- +goose Down
SELECT 1;
