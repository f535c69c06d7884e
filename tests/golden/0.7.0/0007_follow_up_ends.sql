-- When a visit is asked after no more; without one a row stays until it is done.
ALTER TABLE follow_up ADD COLUMN ends_at INTEGER NOT NULL DEFAULT 9223372036854775807;

DROP INDEX follow_up_open;

CREATE INDEX follow_up_open ON follow_up (clinic, closes_at, stream, milestone, opens_at, ends_at) WHERE done = 0;
