-- The audit: journal rows and accesses, placed into one Merkle tree. Times are whole milliseconds since 1970 (UTC). What was written before this
-- migration is placed as well, when the server starts.

CREATE TABLE audit_access (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    recorded_at INTEGER NOT NULL,
    action      TEXT    NOT NULL,
    actor       TEXT    NOT NULL,
    site        TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    purpose     TEXT    NOT NULL,
    outcome     TEXT    NOT NULL,
    count       INTEGER NOT NULL CHECK (count >= 1)
) STRICT;

-- What lies at a position: a journal row (stream, key = version), or an access (stream empty, key = id).
CREATE TABLE audit_leaf (
    position INTEGER NOT NULL PRIMARY KEY CHECK (position >= 0),
    stream   TEXT    NOT NULL,
    key      INTEGER NOT NULL,
    subject  TEXT    NOT NULL,
    leaf     BLOB    NOT NULL CHECK (length(leaf) = 32)
) STRICT;

CREATE INDEX audit_leaf_subject ON audit_leaf (subject, position);

-- Every eighth level above the leaves.
CREATE TABLE audit_node (
    level    INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash     BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;

-- Journal rows up to last_row and accesses up to last_access are placed; rows are never removed, so rowids only grow.
CREATE TABLE audit_tree (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    size        INTEGER NOT NULL,
    frontier    BLOB    NOT NULL,
    last_row    INTEGER NOT NULL,
    last_access INTEGER NOT NULL
) STRICT;

INSERT INTO audit_tree (id, size, frontier, last_row, last_access) VALUES (1, 0, x'', 0, 0);

CREATE TABLE audit_head (
    number    INTEGER NOT NULL PRIMARY KEY,
    size      INTEGER NOT NULL,
    signed_at INTEGER NOT NULL,
    note      TEXT    NOT NULL,
    signature BLOB    NOT NULL
) STRICT;
