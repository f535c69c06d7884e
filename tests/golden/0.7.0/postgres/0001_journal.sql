-- The journal and its projections. Times are whole milliseconds since 1970 (UTC). Columns named events, answer, facts and values_ are
-- envelopes (Keys/Envelope.cs) under the stream's or person's data key; names, birth dates and record numbers are keyed hashes only.
-- Text compares by its bytes (COLLATE "C"): order and equality must not depend on the machine's language. Constraint names are told apart
-- by the writer: do not rename them.

CREATE TABLE store (
    id             integer  NOT NULL CONSTRAINT store_pkey PRIMARY KEY CHECK (id = 1),
    incarnation    text     NOT NULL,
    schema_version integer  NOT NULL,
    min_reader     integer  NOT NULL,
    write_level    integer  NOT NULL,
    clock_mode     text     NOT NULL CHECK (clock_mode IN ('System', 'Manual')),
    manual_now     bigint,
    key_check      bytea    NOT NULL,
    created_by     text     NOT NULL,
    created_at     bigint   NOT NULL,
    CHECK ((clock_mode = 'Manual') = (manual_now IS NOT NULL))
);

CREATE TABLE data_key (
    stream  text COLLATE "C" NOT NULL CONSTRAINT data_key_pkey PRIMARY KEY,
    key_id  bytea NOT NULL CONSTRAINT data_key_key_id_key UNIQUE CHECK (octet_length(key_id) = 16),
    wrapped bytea NOT NULL
);

-- tx: the transaction that wrote the row, so that its later statements know which commands were really inserted.
CREATE TABLE journal (
    stream       text COLLATE "C" NOT NULL,
    version      bigint NOT NULL CHECK (version >= 1),
    request_id   text COLLATE "C" NOT NULL,
    payload_hash bytea  NOT NULL,
    base_hash    bytea  NOT NULL CHECK (octet_length(base_hash) = CASE version WHEN 1 THEN 0 ELSE 32 END),
    row_hash     bytea  NOT NULL CHECK (octet_length(row_hash) = 32),
    command      text   NOT NULL,
    events       bytea  NOT NULL,
    answer       bytea  NOT NULL,
    actor        text   NOT NULL,
    site         text   NOT NULL,
    recorded_at  bigint NOT NULL,
    tx           xid8   NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT journal_pkey PRIMARY KEY (stream, version),
    CONSTRAINT journal_stream_request_id_key UNIQUE (stream, request_id)
);

-- Sealed bytes do not compress.
ALTER TABLE journal ALTER COLUMN events SET STORAGE EXTERNAL, ALTER COLUMN answer SET STORAGE EXTERNAL;

CREATE TABLE clinic (
    stream text COLLATE "C" NOT NULL CONSTRAINT clinic_pkey PRIMARY KEY,
    clinic text COLLATE "C" NOT NULL CONSTRAINT clinic_clinic_key UNIQUE
);

CREATE TABLE patient (
    stream        text COLLATE "C" NOT NULL CONSTRAINT patient_pkey PRIMARY KEY,
    home_clinic   text COLLATE "C" NOT NULL,
    record_number bytea NOT NULL,
    given_name    bytea NOT NULL,
    family_name   bytea NOT NULL,
    birth_date    bytea NOT NULL,
    CONSTRAINT patient_home_clinic_record_number_key UNIQUE (home_clinic, record_number)
);

CREATE TABLE patient_access (
    site   text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    CONSTRAINT patient_access_pkey PRIMARY KEY (site, stream)
);

CREATE INDEX patient_access_stream ON patient_access (stream);

-- Read in the order (tx, position), and only below the oldest transaction still running (docs/decisions/0009-feed-positions.md). No
-- foreign key to the journal: both rows are written by one transaction, and the check would cost a lock on each journal row.
CREATE TABLE feed (
    tx           xid8    NOT NULL DEFAULT pg_current_xact_id(),
    position     bigint  GENERATED ALWAYS AS IDENTITY,
    site         text COLLATE "C" NOT NULL,
    stream       text COLLATE "C" NOT NULL,
    version      bigint  NOT NULL,
    kind         integer NOT NULL,
    plan_changed boolean NOT NULL,
    command      text    NOT NULL,
    recorded_at  bigint  NOT NULL
);

CREATE INDEX feed_site ON feed (site, tx, position);

-- done_version, done_at: the command that did it or took it back, and when. The row stays: set again, it is open again only if it was
-- taken back before its time, so that what was run is never run again. leased_until is by the database's clock.
CREATE TABLE due (
    stream       text COLLATE "C" NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    at           bigint NOT NULL,
    done_version bigint,
    done_at      bigint,
    leased_until timestamptz,
    CONSTRAINT due_pkey PRIMARY KEY (stream, kind, at)
);

CREATE INDEX due_open ON due (at, stream, kind) WHERE done_version IS NULL;

CREATE TABLE follow_up (
    stream    text COLLATE "C" NOT NULL,
    milestone text COLLATE "C" NOT NULL,
    clinic    text COLLATE "C" NOT NULL,
    opens_at  bigint  NOT NULL,
    closes_at bigint  NOT NULL,
    done      boolean NOT NULL DEFAULT false,
    CONSTRAINT follow_up_pkey PRIMARY KEY (stream, milestone)
);

CREATE INDEX follow_up_open ON follow_up (clinic, closes_at, stream, milestone, opens_at) WHERE NOT done;

CREATE TABLE consent (
    person     text COLLATE "C" NOT NULL CONSTRAINT consent_pkey PRIMARY KEY,
    recipients integer NOT NULL CHECK (recipients >= 0)
);

CREATE TABLE pool (
    person  text COLLATE "C" NOT NULL CONSTRAINT pool_pkey PRIMARY KEY,
    version bigint NOT NULL,
    facts   bytea  NOT NULL
);

CREATE TABLE outcome (
    person    text COLLATE "C" NOT NULL,
    milestone text COLLATE "C" NOT NULL,
    version   bigint NOT NULL,
    values_   bytea  NOT NULL,
    CONSTRAINT outcome_pkey PRIMARY KEY (person, milestone)
);

-- The region is sealed under the key of the release stream that formed the cell: with the members beside it in clear it would tell of them.
CREATE TABLE cell (
    cell       text COLLATE "C" NOT NULL CONSTRAINT cell_pkey PRIMARY KEY,
    stream     text COLLATE "C" NOT NULL,
    quarter    text    NOT NULL,
    recipients integer NOT NULL CHECK (recipients > 0),
    region     bytea   NOT NULL,
    retired    boolean NOT NULL DEFAULT false
);

-- A person is in one cell, once and for ever. lost: classes withdrawn since the cell was formed; a later consent does not bring them back.
CREATE TABLE cell_member (
    person text COLLATE "C" NOT NULL CONSTRAINT cell_member_pkey PRIMARY KEY,
    cell   text COLLATE "C" NOT NULL CONSTRAINT cell_member_cell_fkey REFERENCES cell (cell),
    lost   integer NOT NULL DEFAULT 0
);

CREATE INDEX cell_member_cell ON cell_member (cell, person);

CREATE TABLE settled (
    cell      text COLLATE "C" NOT NULL CONSTRAINT settled_cell_fkey REFERENCES cell (cell),
    milestone text COLLATE "C" NOT NULL,
    status    text NOT NULL CONSTRAINT settled_status_check CHECK (status IN ('RELEASED', 'WITHHELD', 'RETIRED')),
    CONSTRAINT settled_pkey PRIMARY KEY (cell, milestone)
);

CREATE TABLE batch (
    number       integer NOT NULL CONSTRAINT batch_pkey PRIMARY KEY CHECK (number >= 1),
    published_at bigint  NOT NULL,
    rows         bigint  NOT NULL,
    root         bytea   NOT NULL,
    manifest     bytea   NOT NULL,
    signature    bytea   NOT NULL
);

CREATE TABLE batch_row (
    batch     integer NOT NULL CONSTRAINT batch_row_batch_fkey REFERENCES batch (number),
    row       bigint  NOT NULL,
    person    text COLLATE "C" NOT NULL,
    cell      text COLLATE "C" NOT NULL CONSTRAINT batch_row_cell_fkey REFERENCES cell (cell),
    milestone text COLLATE "C" NOT NULL,
    values_   bytea   NOT NULL,
    leaf      bytea   NOT NULL CHECK (octet_length(leaf) = 32),
    CONSTRAINT batch_row_pkey PRIMARY KEY (batch, row),
    CONSTRAINT batch_row_person_milestone_key UNIQUE (person, milestone)
);
