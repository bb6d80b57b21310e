-- +goose Up
-- Mail that goes out. What a message says is kept until it is sent or given up, and
-- no longer: it can hold a link that is a secret.
CREATE TABLE mail (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL,
  to_address TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  body_text TEXT COLLATE "C" NOT NULL,
  body_html TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  tries BIGINT NOT NULL,
  error TEXT COLLATE "C" NOT NULL,
  queued_at BIGINT NOT NULL,
  sent_at BIGINT NOT NULL
);
CREATE INDEX mail_state ON mail (state, id);
CREATE INDEX mail_person ON mail (person_id);

-- +goose Down
SELECT 1;
