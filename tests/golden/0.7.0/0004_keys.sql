-- Keys per clinic (docs/decisions/0016-keys-per-clinic.md): a data key is wrapped once for each holder that may read its stream. What is no
-- patient's has the one holder 'network'. SQL cannot wrap: data_key.wrapped of older rows serves until the server has wrapped them, and is empty
-- from then on; the row stays and says which data key a stream has.

-- A holder's key, wrapped by the key-encryption key of that version. wrapped is null: destroyed. Beside the current one only while keys rotate.
CREATE TABLE holder_key (
    holder      TEXT    NOT NULL,
    key_id      BLOB    NOT NULL CHECK (length(key_id) = 16),
    kek_version INTEGER NOT NULL CHECK (kek_version >= 1),
    wrapped     BLOB,
    current     INTEGER NOT NULL,
    PRIMARY KEY (holder, key_id),
    CHECK (wrapped IS NOT NULL OR current = 1)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX holder_key_current ON holder_key (holder) WHERE current = 1;

CREATE TABLE key_wrap (
    stream     TEXT NOT NULL,
    holder     TEXT NOT NULL,
    holder_key BLOB NOT NULL,
    wrapped    BLOB NOT NULL,
    PRIMARY KEY (stream, holder),
    FOREIGN KEY (holder, holder_key) REFERENCES holder_key (holder, key_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX key_wrap_holder_key ON key_wrap (holder, holder_key, stream);

-- What nobody can open any more: an erased patient, a stream whose last holder's key was destroyed, a holder.
CREATE TABLE key_gone (
    name       TEXT    NOT NULL PRIMARY KEY,
    kind       TEXT    NOT NULL CHECK (kind IN ('ERASED', 'ORPHANED', 'HOLDER')),
    request_id TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- An older server would take an empty data_key.wrapped for damage.
UPDATE store SET min_reader = 4;
