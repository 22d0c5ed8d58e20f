-- The first schema. Forward only: never edit a migration that has been released; add the next number.
-- Times: microseconds since the epoch. Enums: the numbers of proto/hada/v1. JSON in TEXT. Site '' = all sites.

-- Event numbers come from this row inside the transaction, so that their order is commit order, without gaps.
CREATE TABLE clock (one INTEGER PRIMARY KEY CHECK (one = 1), seq BIGINT NOT NULL);
INSERT INTO clock (one, seq) VALUES (1, 0);

-- One row for each change, written in the transaction that makes it. Names resources, never patients.
CREATE TABLE events (
  seq BIGINT PRIMARY KEY,
  at_us BIGINT NOT NULL,
  actor TEXT NOT NULL,
  verb TEXT NOT NULL,
  subject TEXT NOT NULL,
  case_id TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX events_by_case ON events (case_id, seq);

-- AIP-155: the response to a request_id, kept so that a repeat changes nothing twice.
CREATE TABLE requests (
  user_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  method TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  response BYTEA NOT NULL,
  at_us BIGINT NOT NULL,
  PRIMARY KEY (user_id, request_id)
);
CREATE INDEX requests_by_age ON requests (at_us);

CREATE TABLE sites (
  site_id TEXT PRIMARY KEY,
  display_name TEXT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 1,
  created_us BIGINT NOT NULL
);

CREATE TABLE users (
  user_id TEXT PRIMARY KEY,
  display_name TEXT NOT NULL,
  home_site TEXT NOT NULL DEFAULT '',
  password_hash TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0,
  revision BIGINT NOT NULL DEFAULT 1,
  created_us BIGINT NOT NULL
);

CREATE TABLE role_grants (
  user_id TEXT NOT NULL REFERENCES users (user_id),
  role INTEGER NOT NULL,
  site_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (user_id, role, site_id)
);

-- Only a hash of the token is stored: a copy of the database opens no session.
CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (user_id),
  created_us BIGINT NOT NULL,
  expires_us BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE policies (
  version TEXT PRIMARY KEY,
  content TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  created_by TEXT NOT NULL
);

CREATE TABLE batches (
  batch_id TEXT PRIMARY KEY,
  site_id TEXT NOT NULL REFERENCES sites (site_id),
  created_by TEXT NOT NULL,
  tool_version TEXT NOT NULL,
  received BIGINT NOT NULL DEFAULT 0,
  ready BIGINT NOT NULL DEFAULT 0,
  refused BIGINT NOT NULL DEFAULT 0,
  created_us BIGINT NOT NULL
);

-- Keys are HMACs made at the hospital; the hospital's own ids never arrive here.
CREATE TABLE patients (
  site_id TEXT NOT NULL,
  patient_key TEXT NOT NULL,
  fields TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (site_id, patient_key)
);

CREATE TABLE lesions (
  site_id TEXT NOT NULL,
  lesion_key TEXT NOT NULL,
  patient_key TEXT NOT NULL,
  PRIMARY KEY (site_id, lesion_key)
);

CREATE TABLE cases (
  case_id TEXT PRIMARY KEY,
  seq BIGINT NOT NULL UNIQUE,             -- order of arrival; the key of every list
  site_id TEXT NOT NULL REFERENCES sites (site_id),
  case_key TEXT NOT NULL,
  patient_key TEXT NOT NULL,
  lesion_key TEXT NOT NULL DEFAULT '',
  state INTEGER NOT NULL,
  fields TEXT NOT NULL DEFAULT '{}',      -- the case's columns of the unified format
  read_limit INTEGER NOT NULL,            -- votes wanted
  votes INTEGER NOT NULL DEFAULT 0,       -- votes in
  readable INTEGER NOT NULL DEFAULT 0,    -- 1 while a slot is not submitted and all images are checked
  ready_images INTEGER NOT NULL DEFAULT 0,
  pending_images INTEGER NOT NULL DEFAULT 0,
  refused_images INTEGER NOT NULL DEFAULT 0,
  decided_term TEXT NOT NULL DEFAULT '',
  decided_state INTEGER NOT NULL DEFAULT 0,  -- the state an approval or rejection was given in
  decision_code INTEGER NOT NULL DEFAULT 0,
  revision BIGINT NOT NULL DEFAULT 1,
  created_us BIGINT NOT NULL,
  updated_us BIGINT NOT NULL,
  UNIQUE (site_id, case_key)
);
CREATE INDEX cases_by_state ON cases (state, seq);
CREATE INDEX cases_by_site ON cases (site_id, seq);
CREATE INDEX cases_by_site_state ON cases (site_id, state, seq);
CREATE INDEX cases_readable ON cases (state, seq) WHERE readable = 1;
CREATE INDEX cases_readable_by_site ON cases (site_id, state, seq) WHERE readable = 1;

-- For the worklist's filter by kind, one row per kind that has a READY image; `state`, `readable` and `site_id` repeat the case's, kept equal in the same transaction.
CREATE TABLE case_kinds (
  case_id TEXT NOT NULL REFERENCES cases (case_id),
  kind INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  state INTEGER NOT NULL,
  site_id TEXT NOT NULL,
  readable INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (case_id, kind)
);
CREATE INDEX case_kinds_by_kind ON case_kinds (kind, seq);
CREATE INDEX case_kinds_by_state ON case_kinds (kind, state, seq);
CREATE INDEX case_kinds_by_site ON case_kinds (site_id, kind, seq);
CREATE INDEX case_kinds_by_site_state ON case_kinds (site_id, kind, state, seq);
CREATE INDEX case_kinds_readable ON case_kinds (kind, state, seq) WHERE readable = 1;
CREATE INDEX case_kinds_readable_by_site ON case_kinds (site_id, kind, state, seq) WHERE readable = 1;

CREATE TABLE images (
  image_id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (case_id),
  batch_id TEXT NOT NULL REFERENCES batches (batch_id),
  ordinal INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  state INTEGER NOT NULL,
  state_reason TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '',
  bundle_hash TEXT NOT NULL,              -- over (path, sha256) of every file; the same in one case means the same image
  fields TEXT NOT NULL DEFAULT '{}',      -- the image's columns of the unified format
  pyramid TEXT NOT NULL DEFAULT '',       -- server/images/stored_image.h as JSON, from READY on
  revision BIGINT NOT NULL DEFAULT 1,
  created_us BIGINT NOT NULL,
  UNIQUE (case_id, bundle_hash)
);
CREATE INDEX images_by_batch ON images (batch_id, image_id);
CREATE INDEX images_by_bundle ON images (bundle_hash);

CREATE TABLE image_files (
  image_id TEXT NOT NULL REFERENCES images (image_id),
  ordinal INTEGER NOT NULL,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size BIGINT NOT NULL,
  PRIMARY KEY (image_id, ordinal)
);

CREATE TABLE read_slots (
  case_id TEXT NOT NULL REFERENCES cases (case_id),
  round INTEGER NOT NULL DEFAULT 1,
  slot INTEGER NOT NULL,
  purpose INTEGER NOT NULL DEFAULT 1,     -- 1 vote, 2 gold, 3 repeat
  holder TEXT NOT NULL DEFAULT '',        -- user with the lease, or who submitted
  lease_until_us BIGINT NOT NULL DEFAULT 0,
  read_id TEXT NOT NULL DEFAULT '',       -- set once submitted
  PRIMARY KEY (case_id, round, slot)
);
-- No reader holds two open slots of one case, whatever the code does.
CREATE UNIQUE INDEX read_slots_one_per_reader ON read_slots (case_id, holder) WHERE read_id = '' AND holder <> '';

-- What a person has had to do with a case.
CREATE TABLE case_readers (
  case_id TEXT NOT NULL REFERENCES cases (case_id),
  user_id TEXT NOT NULL,
  claimed_us BIGINT NOT NULL DEFAULT 0,   -- first lease of a slot; 0 = never
  revealed_us BIGINT NOT NULL DEFAULT 0,  -- other reads, the site's opinion or the outcome were first shown; 0 = still blind
  PRIMARY KEY (case_id, user_id)
);

CREATE TABLE drafts (
  case_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  content TEXT NOT NULL,
  updated_us BIGINT NOT NULL,
  PRIMARY KEY (case_id, user_id)
);

CREATE TABLE reads (
  read_id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (case_id),
  case_seq BIGINT NOT NULL,
  user_id TEXT NOT NULL,
  purpose INTEGER NOT NULL DEFAULT 1,
  late INTEGER NOT NULL DEFAULT 0,
  shown_state INTEGER NOT NULL,           -- the case's state as its reader may know it; kept equal in the same transaction
  revision BIGINT NOT NULL DEFAULT 1,     -- of the last read_revisions row
  created_us BIGINT NOT NULL,
  UNIQUE (case_id, user_id, purpose)
);
CREATE INDEX reads_by_user ON reads (user_id, case_seq);
CREATE INDEX reads_by_user_state ON reads (user_id, shown_state, case_seq);

-- Never updated, never deleted.
CREATE TABLE read_revisions (
  read_id TEXT NOT NULL REFERENCES reads (read_id),
  revision BIGINT NOT NULL,
  content TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  after_reveal INTEGER NOT NULL DEFAULT 0,
  telemetry TEXT NOT NULL DEFAULT '{}',
  created_us BIGINT NOT NULL,
  PRIMARY KEY (read_id, revision)
);

CREATE TABLE decisions (
  decision_id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (case_id),
  seq BIGINT NOT NULL,
  kind INTEGER NOT NULL,
  decider TEXT NOT NULL,
  term TEXT NOT NULL DEFAULT '',
  code INTEGER NOT NULL DEFAULT 0,
  rationale TEXT NOT NULL DEFAULT '',
  basis TEXT NOT NULL DEFAULT '[]',
  policy_version TEXT NOT NULL,
  vocabulary_version TEXT NOT NULL,
  created_us BIGINT NOT NULL
);
CREATE INDEX decisions_by_case ON decisions (case_id, seq);

-- Long work: leased, heartbeated, retried with a limit; survives kill -9.
CREATE TABLE jobs (
  job_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  state INTEGER NOT NULL,                 -- 0 queued, 1 running, 2 done, 3 failed
  attempts INTEGER NOT NULL DEFAULT 0,
  lease_until_us BIGINT NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  created_us BIGINT NOT NULL
);
CREATE INDEX jobs_waiting ON jobs (state, created_us) WHERE state < 2;
