-- Agreed cases that QA approves together after it has looked at a sample of them.
CREATE TABLE samples (
  sample_id TEXT PRIMARY KEY,
  creator TEXT NOT NULL,
  site_id TEXT NOT NULL DEFAULT '',       -- '' = all sites
  percent DOUBLE PRECISION NOT NULL,      -- the policy's when it was drawn
  policy_version TEXT NOT NULL,
  left_out TEXT NOT NULL DEFAULT '{}',    -- when it was drawn: reason -> how many cases
  closed_us BIGINT NOT NULL DEFAULT 0,    -- 0 = open
  created_us BIGINT NOT NULL
);
-- A person has one open sample at a time.
CREATE UNIQUE INDEX samples_one_open ON samples (creator) WHERE closed_us = 0;

CREATE TABLE sample_cases (
  sample_id TEXT NOT NULL REFERENCES samples (sample_id),
  case_seq BIGINT NOT NULL,
  case_id TEXT NOT NULL REFERENCES cases (case_id),
  sampled INTEGER NOT NULL,               -- 1: to be looked at; 0: the rest
  result TEXT NOT NULL DEFAULT '',        -- of the rest: APPROVED, or why it was left out
  PRIMARY KEY (sample_id, sampled, case_seq)
);
CREATE INDEX sample_cases_by_case ON sample_cases (case_id);
CREATE INDEX sample_cases_waiting ON sample_cases (sample_id, case_seq) WHERE sampled = 0 AND result = '';

ALTER TABLE decisions ADD COLUMN sample TEXT NOT NULL DEFAULT '';  -- an approval with the rest of this sample
