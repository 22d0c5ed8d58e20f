-- A hidden gold or repeat read is of a copy of a case that was made for one reader (docs/decisions/0007).
ALTER TABLE cases ADD COLUMN planted_for TEXT NOT NULL DEFAULT '';  -- user; '' for every case of its own
ALTER TABLE cases ADD COLUMN plant_of TEXT NOT NULL DEFAULT '';     -- the case it is a copy of
CREATE INDEX cases_planted ON cases (planted_for, plant_of) WHERE planted_for <> '';
CREATE INDEX cases_plants_of ON cases (plant_of) WHERE plant_of <> '';
CREATE INDEX cases_gold ON cases (seq) WHERE tier = 3 AND planted_for = '';
-- Between the places of two cases in the lists there is room for copies (places go by 16; the sign keeps the two numberings apart meanwhile).
UPDATE cases SET seq = -16 * seq;
UPDATE cases SET seq = -seq;
UPDATE case_kinds SET seq = 16 * seq;
UPDATE reads SET case_seq = 16 * case_seq;
