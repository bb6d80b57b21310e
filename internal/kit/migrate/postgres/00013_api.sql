-- +goose Up
-- Tokens say what they are good for. Those that were made before may go on doing all that could be done on that day.
ALTER TABLE api_token ADD COLUMN scopes TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE api_token SET scopes = 'read career:read career:write cases:write imports:write people:write projects:write reports:write';
CREATE TABLE api_token_use (
  token_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  used_at BIGINT NOT NULL
);

-- Answers to requests with an Idempotency-Key, for a day.
CREATE TABLE api_once (
  person_id TEXT COLLATE "C" NOT NULL,
  request_key TEXT COLLATE "C" NOT NULL,
  request BYTEA NOT NULL,
  made_at BIGINT NOT NULL,
  status BIGINT NOT NULL,
  media_type TEXT COLLATE "C" NOT NULL,
  etag TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (person_id, request_key)
);
CREATE INDEX api_once_made ON api_once (made_at);

-- Work for later. Jobs of one lane run one after the other, by place.
CREATE TABLE job (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  lane TEXT COLLATE "C" NOT NULL,
  place BIGINT NOT NULL,
  payload TEXT COLLATE "C" NOT NULL,
  due_at BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  lease TEXT COLLATE "C" NOT NULL,
  lease_until BIGINT NOT NULL,
  dead BOOLEAN NOT NULL,
  error TEXT COLLATE "C" NOT NULL
);
CREATE INDEX job_due ON job (due_at, id) WHERE dead = FALSE;
CREATE INDEX job_lane ON job (lane, place) WHERE dead = FALSE;

CREATE VIEW v_account AS SELECT a.person_id, a.role, a.active FROM account a;

-- Where to tell of what happened. The secret signs, so it is kept as it is.
CREATE TABLE webhook (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
  address TEXT COLLATE "C" NOT NULL,
  verbs TEXT COLLATE "C" NOT NULL,
  secret TEXT COLLATE "C" NOT NULL,
  from_seq BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  paused_at BIGINT NOT NULL,
  paused_why TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE TABLE webhook_delivery (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  hook_id TEXT COLLATE "C" NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
  seq BIGINT NOT NULL,
  verb TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  tries BIGINT NOT NULL,
  status BIGINT NOT NULL,
  error TEXT COLLATE "C" NOT NULL,
  made_at BIGINT NOT NULL,
  tried_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX webhook_delivery_once ON webhook_delivery (hook_id, seq);
CREATE INDEX webhook_delivery_list ON webhook_delivery (hook_id, state, id);

-- +goose Down
SELECT 1;
