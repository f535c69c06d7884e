-- The tree's row is authenticated under a key derived from the master key: whoever only writes to the database cannot have a forged tree signed. What lies
-- in the row at this moment is trusted: the migration gives it its MAC.

ALTER TABLE audit_tree ADD COLUMN mac BLOB NOT NULL DEFAULT x'';

-- Chosen by whoever keeps an access, so that one that is kept twice stands there once; none for those of before.
ALTER TABLE audit_access ADD COLUMN entry_id BLOB CHECK (length(entry_id) = 16);

CREATE UNIQUE INDEX audit_access_entry_id ON audit_access (entry_id) WHERE entry_id IS NOT NULL;
