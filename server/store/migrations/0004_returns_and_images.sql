-- A returned case, and images that QA leaves out of what is approved.
ALTER TABLE cases ADD COLUMN returned_to INTEGER NOT NULL DEFAULT 0;   -- ReturnTo, while the case is RETURNED
ALTER TABLE reads ADD COLUMN returned INTEGER NOT NULL DEFAULT 0;      -- 1 while its reader is asked to look again
CREATE INDEX reads_returned ON reads (user_id, case_seq) WHERE returned = 1;
ALTER TABLE images ADD COLUMN exclusion INTEGER NOT NULL DEFAULT 0;    -- RejectCode; 0 = included
ALTER TABLE decisions ADD COLUMN images TEXT NOT NULL DEFAULT '[]';    -- an approval: the names of the images it includes
ALTER TABLE decisions ADD COLUMN returned_to INTEGER NOT NULL DEFAULT 0;
ALTER TABLE decisions ADD COLUMN readers TEXT NOT NULL DEFAULT '[]';   -- a return to readers: their names
