-- Policies have an order of their own (the last is in force), and cases a tier and the votes it asked for at first.
ALTER TABLE policies ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
UPDATE policies SET seq = (SELECT COUNT(*) FROM policies p
  WHERE p.created_us < policies.created_us OR (p.created_us = policies.created_us AND p.version <= policies.version));
CREATE UNIQUE INDEX policies_by_seq ON policies (seq);

ALTER TABLE cases ADD COLUMN tier INTEGER NOT NULL DEFAULT 1;         -- 1 standard, 2 test, 3 gold; never shown to readers
ALTER TABLE cases ADD COLUMN first_votes INTEGER NOT NULL DEFAULT 0;  -- votes asked for before any were asked for on top
UPDATE cases SET first_votes = CASE WHEN read_limit < 2 THEN read_limit ELSE 2 END;
CREATE INDEX cases_readable_by_tier ON cases (tier, state, seq) WHERE readable = 1 AND tier > 1;

-- How many slots a reader holds.
CREATE INDEX read_slots_by_holder ON read_slots (holder, lease_until_us) WHERE read_id = '' AND holder <> '';
