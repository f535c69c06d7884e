-- The audit: journal rows and accesses, placed into one Merkle tree in the order of their transactions, only below the oldest one still running.
-- Times are whole milliseconds since 1970 (UTC). What was written before this migration is placed as well, when the first server starts.

CREATE INDEX journal_tx ON journal (tx);

CREATE TABLE audit_access (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_access_pkey PRIMARY KEY,
    tx          xid8    NOT NULL DEFAULT pg_current_xact_id(),
    recorded_at bigint  NOT NULL,
    action      text    NOT NULL,
    actor       text    NOT NULL,
    site        text    NOT NULL,
    subject     text COLLATE "C" NOT NULL,
    purpose     text    NOT NULL,
    outcome     text    NOT NULL,
    count       integer NOT NULL CHECK (count >= 1)
);

CREATE INDEX audit_access_tx ON audit_access (tx);

-- What lies at a position: a journal row (stream, key = version), or an access (stream empty, key = id).
CREATE TABLE audit_leaf (
    position bigint NOT NULL CONSTRAINT audit_leaf_pkey PRIMARY KEY CHECK (position >= 0),
    stream   text COLLATE "C" NOT NULL,
    key      bigint NOT NULL,
    subject  text COLLATE "C" NOT NULL,
    leaf     bytea  NOT NULL CHECK (octet_length(leaf) = 32)
);

CREATE INDEX audit_leaf_subject ON audit_leaf (subject, position);

-- Every eighth level above the leaves.
CREATE TABLE audit_node (
    level    integer NOT NULL,
    position bigint  NOT NULL,
    hash     bytea   NOT NULL CHECK (octet_length(hash) = 32),
    CONSTRAINT audit_node_pkey PRIMARY KEY (level, position)
);

-- next_tx: everything of an earlier transaction is placed. Who changes the row places; everybody else waits for nobody and does nothing.
CREATE TABLE audit_tree (
    id       integer NOT NULL CONSTRAINT audit_tree_pkey PRIMARY KEY CHECK (id = 1),
    size     bigint  NOT NULL,
    frontier bytea   NOT NULL,
    next_tx  xid8    NOT NULL
) WITH (fillfactor = 50);

INSERT INTO audit_tree (id, size, frontier, next_tx) VALUES (1, 0, '', '0');

CREATE TABLE audit_head (
    number    bigint NOT NULL CONSTRAINT audit_head_pkey PRIMARY KEY,
    size      bigint NOT NULL,
    signed_at bigint NOT NULL,
    note      text   NOT NULL,
    signature bytea  NOT NULL
);
