-- A site that may read for an emergency alone keeps no record from being lost (docs/decisions/0016-keys-per-clinic.md).
ALTER TABLE key_wrap ADD COLUMN emergency INTEGER NOT NULL DEFAULT 0;
