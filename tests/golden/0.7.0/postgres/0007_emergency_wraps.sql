-- A site that may read for an emergency alone keeps no record from being lost (docs/decisions/0016-keys-per-clinic.md).
ALTER TABLE key_wrap ADD COLUMN emergency boolean NOT NULL DEFAULT false;

-- As key_gone says; at this row whoever stores a first snapshot and whoever destroys the key meet.
ALTER TABLE data_key ADD COLUMN gone boolean NOT NULL DEFAULT false;
UPDATE data_key AS d SET gone = true FROM key_gone AS g WHERE g.name = d.stream;

-- A stream's snapshot goes with its key. Streams compare by their bytes.
CREATE INDEX OrleansStorage_Stream ON OrleansStorage (GrainIdExtensionString COLLATE "C");
DELETE FROM OrleansStorage AS s USING key_gone AS g WHERE s.GrainIdExtensionString = g.name;

-- As in 0002, but that nothing is stored first of a stream whose key was destroyed. An update needs no look: its row is gone.
UPDATE OrleansQuery SET QueryText = '
WITH updated AS (
    UPDATE OrleansStorage SET PayloadBinary = @PayloadBinary, Version = Version + 1
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
      AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString AND ServiceId = @ServiceId
      AND Version = @GrainStateVersion
    RETURNING Version
), stream AS (
    SELECT gone FROM data_key WHERE stream = @GrainIdExtensionString FOR SHARE
), inserted AS (
    INSERT INTO OrleansStorage
        (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId, PayloadBinary, Version)
    SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId, @PayloadBinary, 1
    WHERE @GrainStateVersion IS NULL AND NOT coalesce((SELECT gone FROM stream), false)
    ON CONFLICT (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId) DO NOTHING
    RETURNING Version
), written AS (SELECT Version FROM updated UNION ALL SELECT Version FROM inserted)
SELECT Version AS NewGrainStateVersion FROM written
UNION ALL
SELECT @GrainStateVersion WHERE NOT EXISTS (SELECT FROM written);
' WHERE QueryKey = 'WriteToStorageKey';
