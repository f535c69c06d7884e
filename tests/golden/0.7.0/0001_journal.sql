-- The first schema. Times are whole milliseconds since 1970 (UTC). Blobs named events, answer, facts and values_ are envelopes
-- (Keys/Envelope.cs) under the stream's or person's data key; names, birth dates and record numbers are keyed hashes only.

CREATE TABLE store (
    id             INTEGER PRIMARY KEY CHECK (id = 1),
    incarnation    TEXT    NOT NULL,
    schema_version INTEGER NOT NULL,
    min_reader     INTEGER NOT NULL,
    write_level    INTEGER NOT NULL,
    clock_mode     TEXT    NOT NULL CHECK (clock_mode IN ('System', 'Manual')),
    manual_now     INTEGER,
    key_check      BLOB    NOT NULL,
    created_by     TEXT    NOT NULL,
    created_at     INTEGER NOT NULL,
    CHECK ((clock_mode = 'Manual') = (manual_now IS NOT NULL))
) STRICT;

CREATE TABLE data_key (
    stream  TEXT NOT NULL PRIMARY KEY,
    key_id  BLOB NOT NULL UNIQUE CHECK (length(key_id) = 16),
    wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Rows are a kilobyte and more, so this table keeps its rowid (WITHOUT ROWID pays for short rows only).
CREATE TABLE journal (
    stream       TEXT    NOT NULL,
    version      INTEGER NOT NULL CHECK (version >= 1),
    request_id   TEXT    NOT NULL,
    payload_hash BLOB    NOT NULL,
    base_hash    BLOB    NOT NULL CHECK (length(base_hash) = CASE version WHEN 1 THEN 0 ELSE 32 END),
    row_hash     BLOB    NOT NULL CHECK (length(row_hash) = 32),
    command      TEXT    NOT NULL,
    events       BLOB    NOT NULL,
    answer       BLOB    NOT NULL,
    actor        TEXT    NOT NULL,
    site         TEXT    NOT NULL,
    recorded_at  INTEGER NOT NULL,
    PRIMARY KEY (stream, version),
    UNIQUE (stream, request_id)
) STRICT;

CREATE TABLE clinic (
    stream TEXT NOT NULL PRIMARY KEY,
    clinic TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE patient (
    stream        TEXT NOT NULL PRIMARY KEY,
    home_clinic   TEXT NOT NULL,
    record_number BLOB NOT NULL,
    given_name    BLOB NOT NULL,
    family_name   BLOB NOT NULL,
    birth_date    BLOB NOT NULL,
    UNIQUE (home_clinic, record_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE patient_access (
    site   TEXT NOT NULL,
    stream TEXT NOT NULL,
    PRIMARY KEY (site, stream)
) STRICT, WITHOUT ROWID;

CREATE INDEX patient_access_stream ON patient_access (stream);

-- The rowid is the commit order, because one writer writes; AUTOINCREMENT never gives a number again.
CREATE TABLE feed (
    position     INTEGER PRIMARY KEY AUTOINCREMENT,
    site         TEXT    NOT NULL,
    stream       TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    kind         INTEGER NOT NULL,
    plan_changed INTEGER NOT NULL,
    FOREIGN KEY (stream, version) REFERENCES journal (stream, version)
) STRICT;

CREATE INDEX feed_site ON feed (site, position);

-- done_version, done_at: the command that did it or took it back, and when. The row stays: set again, it is open again only if it was
-- taken back before its time, so that what was run is never run again.
CREATE TABLE due (
    stream       TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    done_version INTEGER,
    done_at      INTEGER,
    PRIMARY KEY (stream, kind, at)
) STRICT, WITHOUT ROWID;

CREATE INDEX due_open ON due (at, stream, kind) WHERE done_version IS NULL;

CREATE TABLE follow_up (
    stream    TEXT    NOT NULL,
    milestone TEXT    NOT NULL,
    clinic    TEXT    NOT NULL,
    opens_at  INTEGER NOT NULL,
    closes_at INTEGER NOT NULL,
    done      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (stream, milestone)
) STRICT, WITHOUT ROWID;

CREATE INDEX follow_up_open ON follow_up (clinic, closes_at, stream, milestone, opens_at) WHERE done = 0;

CREATE TABLE consent (
    person     TEXT    NOT NULL PRIMARY KEY,
    recipients INTEGER NOT NULL CHECK (recipients >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE pool (
    person  TEXT    NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    facts   BLOB    NOT NULL
) STRICT;

CREATE TABLE outcome (
    person    TEXT    NOT NULL,
    milestone TEXT    NOT NULL,
    version   INTEGER NOT NULL,
    values_   BLOB    NOT NULL,
    PRIMARY KEY (person, milestone)
) STRICT;

-- The region is sealed under the key of the release stream that formed the cell: with the members beside it in clear it would tell of them.
CREATE TABLE cell (
    cell       TEXT    NOT NULL PRIMARY KEY,
    stream     TEXT    NOT NULL,
    quarter    TEXT    NOT NULL,
    recipients INTEGER NOT NULL CHECK (recipients > 0),
    region     BLOB    NOT NULL,
    retired    INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- A person is in one cell, once and for ever. lost: classes withdrawn since the cell was formed; a later consent does not bring them back.
CREATE TABLE cell_member (
    person TEXT    NOT NULL PRIMARY KEY,
    cell   TEXT    NOT NULL REFERENCES cell (cell),
    lost   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX cell_member_cell ON cell_member (cell, person);

CREATE TABLE settled (
    cell      TEXT NOT NULL REFERENCES cell (cell),
    milestone TEXT NOT NULL,
    status    TEXT NOT NULL CHECK (status IN ('RELEASED', 'WITHHELD', 'RETIRED')),
    PRIMARY KEY (cell, milestone)
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
    number       INTEGER PRIMARY KEY CHECK (number >= 1),
    published_at INTEGER NOT NULL,
    rows         INTEGER NOT NULL,
    root         BLOB    NOT NULL,
    manifest     BLOB    NOT NULL,
    signature    BLOB    NOT NULL
) STRICT;

CREATE TABLE batch_row (
    batch     INTEGER NOT NULL REFERENCES batch (number),
    row       INTEGER NOT NULL,
    person    TEXT    NOT NULL,
    cell      TEXT    NOT NULL REFERENCES cell (cell),
    milestone TEXT    NOT NULL,
    values_   BLOB    NOT NULL,
    leaf      BLOB    NOT NULL CHECK (length(leaf) = 32),
    PRIMARY KEY (batch, row),
    UNIQUE (person, milestone)
) STRICT;
