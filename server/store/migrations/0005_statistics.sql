-- The newest votes of all, and the newest reads of one reader: what the statistics are made of.
CREATE INDEX reads_votes_by_time ON reads (created_us, read_id) WHERE purpose = 1 AND late = 0;
CREATE INDEX reads_by_user_time ON reads (user_id, created_us, read_id) WHERE late = 0;
