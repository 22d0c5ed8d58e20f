-- What a reader drew: a ReadContent that holds the annotations only, serialized (docs/decisions/0005). `content` holds the rest.
ALTER TABLE drafts ADD COLUMN annotations BYTEA NOT NULL DEFAULT '';
ALTER TABLE read_revisions ADD COLUMN annotations BYTEA NOT NULL DEFAULT '';
