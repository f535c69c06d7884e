-- Keys per clinic (docs/decisions/0016-keys-per-clinic.md): a data key is wrapped once for each holder that may read its stream. What is no
-- patient's has the one holder 'network'. SQL cannot wrap: data_key.wrapped of older rows serves until migrate's next step has wrapped them, and
-- is empty from then on; the row stays and says which data key a stream has.

-- What is left for that step; none is added any more.
CREATE INDEX data_key_old ON data_key (stream) WHERE octet_length(wrapped) > 0;

-- A holder's key, wrapped by the key-encryption key of that version. wrapped is null: destroyed. Beside the current one only while keys rotate.
CREATE TABLE holder_key (
    holder      text COLLATE "C" NOT NULL,
    key_id      bytea   NOT NULL CHECK (octet_length(key_id) = 16),
    kek_version integer NOT NULL CHECK (kek_version >= 1),
    wrapped     bytea,
    current     boolean NOT NULL,
    CONSTRAINT holder_key_pkey PRIMARY KEY (holder, key_id),
    CONSTRAINT holder_key_wrapped_check CHECK (wrapped IS NOT NULL OR current)
);

CREATE UNIQUE INDEX holder_key_current ON holder_key (holder) WHERE current;

-- The foreign key arbitrates: a wrap under a key that was rotated away or destroyed meanwhile is refused, and made again under the present one.
CREATE TABLE key_wrap (
    stream     text COLLATE "C" NOT NULL,
    holder     text COLLATE "C" NOT NULL,
    holder_key bytea NOT NULL,
    wrapped    bytea NOT NULL,
    CONSTRAINT key_wrap_pkey PRIMARY KEY (stream, holder),
    CONSTRAINT key_wrap_holder_key_fkey FOREIGN KEY (holder, holder_key) REFERENCES holder_key (holder, key_id)
);

CREATE INDEX key_wrap_holder_key ON key_wrap (holder, holder_key, stream);

-- Deleted wraps are cleared out of the table as soon as autovacuum looks.
ALTER TABLE key_wrap SET (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);

-- What nobody can open any more: an erased patient, a stream whose last holder's key was destroyed, a holder.
CREATE TABLE key_gone (
    name       text COLLATE "C" NOT NULL CONSTRAINT key_gone_pkey PRIMARY KEY,
    kind       text   NOT NULL CONSTRAINT key_gone_kind_check CHECK (kind IN ('ERASED', 'ORPHANED', 'HOLDER')),
    request_id text   NOT NULL,
    version    bigint NOT NULL,
    at         bigint NOT NULL,
    tx         xid8   NOT NULL DEFAULT pg_current_xact_id()
);

CREATE INDEX key_gone_tx ON key_gone (tx);

-- An older server would take an empty data_key.wrapped for damage.
UPDATE store SET min_reader = 4;
