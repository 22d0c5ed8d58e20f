-- How readers stand by the hidden gold cases, judged once a day (docs/policy.md). A reader without a row has not been judged yet.
CREATE TABLE reader_standings (
  user_id TEXT PRIMARY KEY,
  standing INTEGER NOT NULL,              -- READING_STANDING of proto/hada/v1/statistics.proto
  hits INTEGER NOT NULL,
  total INTEGER NOT NULL,
  until_us BIGINT NOT NULL,               -- gold read before this midnight was counted
  policy_version TEXT NOT NULL,
  resumed_us BIGINT NOT NULL DEFAULT 0,   -- gold read before counts no more; 0 = all counts
  revision BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX reads_gold_by_user ON reads (user_id, created_us, read_id) WHERE purpose = 2 AND late = 0;
