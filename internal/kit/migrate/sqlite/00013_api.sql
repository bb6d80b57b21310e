-- +goose Up
-- Tokens say what they are good for. Those that were made before may go on doing all that could be done on that day.
ALTER TABLE api_token ADD COLUMN scopes TEXT NOT NULL DEFAULT '';
UPDATE api_token SET scopes = 'read career:read career:write cases:write imports:write people:write projects:write reports:write';
CREATE TABLE api_token_use (
  token_id TEXT NOT NULL PRIMARY KEY,
  used_at INTEGER NOT NULL
) STRICT;

-- Answers to requests with an Idempotency-Key, for a day.
CREATE TABLE api_once (
  person_id TEXT NOT NULL,
  request_key TEXT NOT NULL,
  request BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  status INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  etag TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (person_id, request_key)
) STRICT;
CREATE INDEX api_once_made ON api_once (made_at);

-- Work for later. Jobs of one lane run one after the other, by place.
CREATE TABLE job (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  lane TEXT NOT NULL,
  place INTEGER NOT NULL,
  payload TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  lease TEXT NOT NULL,
  lease_until INTEGER NOT NULL,
  dead INTEGER NOT NULL CHECK (dead IN (0, 1)),
  error TEXT NOT NULL
) STRICT;
CREATE INDEX job_due ON job (due_at, id) WHERE dead = FALSE;
CREATE INDEX job_lane ON job (lane, place) WHERE dead = FALSE;

CREATE VIEW v_account AS SELECT a.person_id, a.role, a.active FROM account a;

-- Where to tell of what happened. The secret signs, so it is kept as it is.
CREATE TABLE webhook (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  address TEXT NOT NULL,
  verbs TEXT NOT NULL,
  secret TEXT NOT NULL,
  from_seq INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  paused_at INTEGER NOT NULL,
  paused_why TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE TABLE webhook_delivery (
  id TEXT NOT NULL PRIMARY KEY,
  hook_id TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  verb TEXT NOT NULL,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL,
  status INTEGER NOT NULL,
  error TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  tried_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX webhook_delivery_once ON webhook_delivery (hook_id, seq);
CREATE INDEX webhook_delivery_list ON webhook_delivery (hook_id, state, id);

-- +goose Down
SELECT 1;
