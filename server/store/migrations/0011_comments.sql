-- What reviewers say to each other about a case, pinned to a place in an image or to the case as a whole.
CREATE TABLE comments (
  comment_id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (case_id),
  seq BIGINT NOT NULL,                      -- of the event that made it: the order
  image_id TEXT NOT NULL DEFAULT '',        -- '' = the whole case
  x DOUBLE PRECISION NOT NULL DEFAULT 0,    -- level-0 pixels
  y DOUBLE PRECISION NOT NULL DEFAULT 0,
  reply_to TEXT NOT NULL DEFAULT '',        -- the comment this one answers; '' = begins a thread
  author TEXT NOT NULL,
  resolved INTEGER NOT NULL DEFAULT 0,
  settled_by TEXT NOT NULL DEFAULT '',      -- who resolved it, or opened it again, last
  settled_us BIGINT NOT NULL DEFAULT 0,
  revision BIGINT NOT NULL DEFAULT 1,
  created_us BIGINT NOT NULL
);
CREATE UNIQUE INDEX comments_by_case ON comments (case_id, seq);

-- A text is never overwritten.
CREATE TABLE comment_texts (
  comment_id TEXT NOT NULL REFERENCES comments (comment_id),
  version INTEGER NOT NULL,                 -- 1 first
  text TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  PRIMARY KEY (comment_id, version)
);
