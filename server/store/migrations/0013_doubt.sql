-- QA's worklist can begin with what the votes leave most in doubt (docs/statistics.md, Dawid-Skene).
ALTER TABLE cases ADD COLUMN certainty INTEGER NOT NULL DEFAULT 1001;  -- of the likeliest term, in thousandths; 1001 = not looked at
CREATE INDEX cases_by_doubt ON cases (state, certainty, seq);
CREATE INDEX cases_by_site_doubt ON cases (site_id, state, certainty, seq);

-- One row: whether a job that looks at the votes waits, and when the last one began.
CREATE TABLE doubt_clock (one INTEGER PRIMARY KEY CHECK (one = 1), waiting INTEGER NOT NULL, began_us BIGINT NOT NULL);
INSERT INTO doubt_clock (one, waiting, began_us) VALUES (1, 0, 0);
