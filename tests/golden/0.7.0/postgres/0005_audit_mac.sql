-- The tree's row is authenticated under a key derived from the master key: whoever only writes to the database cannot have a forged tree signed. What lies
-- in the row at this moment is trusted: the migration gives it its MAC.

ALTER TABLE audit_tree ADD COLUMN mac bytea NOT NULL DEFAULT '';

-- Chosen by whoever keeps an access, so that one that is kept twice stands there once.
ALTER TABLE audit_access ADD COLUMN entry_id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT audit_access_entry_id_key UNIQUE;
