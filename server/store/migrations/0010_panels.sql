-- A panel of up to three reviewers who settle a disagreement together.
CREATE TABLE panels (
  panel_id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (case_id),
  mode INTEGER NOT NULL,                  -- 1 vote, 2 consensus
  convener TEXT NOT NULL,
  rationale TEXT NOT NULL DEFAULT '',
  closed_us BIGINT NOT NULL DEFAULT 0,    -- 0 = open
  created_us BIGINT NOT NULL
);
-- A case has one open panel at a time.
CREATE UNIQUE INDEX panels_one_open ON panels (case_id) WHERE closed_us = 0;
-- For the check of the reference, which a partial index does not serve.
CREATE INDEX panels_by_case ON panels (case_id);

CREATE TABLE panel_members (
  panel_id TEXT NOT NULL REFERENCES panels (panel_id),
  user_id TEXT NOT NULL,
  case_seq BIGINT NOT NULL,               -- the case's, for this member's list
  term TEXT NOT NULL DEFAULT '',          -- what this member says now; '' = nothing
  rationale TEXT NOT NULL DEFAULT '',
  awaited INTEGER NOT NULL DEFAULT 1,     -- the panel waits for this member
  PRIMARY KEY (panel_id, user_id)
);
CREATE INDEX panel_members_awaited ON panel_members (user_id, case_seq) WHERE awaited = 1;

-- Everything that members said on the way; an empty term is an answer that was taken back.
CREATE TABLE panel_answers (
  seq BIGINT PRIMARY KEY,                 -- of the event
  panel_id TEXT NOT NULL REFERENCES panels (panel_id),
  user_id TEXT NOT NULL,
  term TEXT NOT NULL,
  rationale TEXT NOT NULL,
  created_us BIGINT NOT NULL
);
CREATE INDEX panel_answers_by_panel ON panel_answers (panel_id);

ALTER TABLE decisions ADD COLUMN panel_id TEXT NOT NULL DEFAULT '';  -- the panel that decided

-- Who may be on a panel is found by role.
CREATE INDEX role_grants_by_role ON role_grants (role, site_id);
