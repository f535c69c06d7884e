-- Records that look like one person's (docs/decisions/0057-probable-doubles.md).

-- compared: with the others, by a step of its own after the patient was enrolled.
ALTER TABLE patient ADD COLUMN compared INTEGER NOT NULL DEFAULT 0;

CREATE INDEX patient_uncompared ON patient (stream) WHERE compared = 0;

-- Keyed hashes of birth date and names together.
CREATE TABLE patient_match (
    stream      TEXT NOT NULL PRIMARY KEY REFERENCES patient (stream) ON DELETE CASCADE,
    whole       BLOB NOT NULL,
    first_given BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX patient_match_whole ON patient_match (whole, stream);

CREATE INDEX patient_match_first_given ON patient_match (first_given, stream);

-- dismissed_in, dismissed_version: the command that said that they are two.
CREATE TABLE probable_double (
    double            TEXT    NOT NULL PRIMARY KEY,
    one               TEXT    NOT NULL REFERENCES patient (stream) ON DELETE CASCADE,
    other             TEXT    NOT NULL REFERENCES patient (stream) ON DELETE CASCADE,
    reason            INTEGER NOT NULL CHECK (reason BETWEEN 1 AND 3),
    found_at          INTEGER NOT NULL,
    dismissed_in      TEXT,
    dismissed_version INTEGER,
    UNIQUE (one, other),
    CHECK (one < other),
    CHECK ((dismissed_in IS NULL) = (dismissed_version IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX probable_double_other ON probable_double (other);

CREATE INDEX probable_double_found ON probable_double (found_at, double);
