-- The exchange: what a publication prepares, what each recipient was given, agreements, submissions. Times are whole milliseconds since 1970 (UTC).

-- Who permits what, as bits: 1 to 8 classes of recipients, 16 to 128 purposes (16: research). Who consented before said research. until: the end of the period.
ALTER TABLE consent ADD COLUMN until bigint NOT NULL DEFAULT 9223372036854775807;
UPDATE consent SET recipients = recipients | 16 WHERE recipients & 15 <> 0;
UPDATE cell SET recipients = recipients | 16;

-- Who had closed week 52 before there were milestones after it gets those, by the due loop.
INSERT INTO due (stream, kind, at)
SELECT DISTINCT stream, 'yearly-milestones', 0 FROM due WHERE kind LIKE 'milestone:Week52%' AND done_at >= at AND stream IN (SELECT person FROM consent);

-- cell: where the person is; null: the person waits. Who joined before this migration has no row. entered_at: 0 for who came before this migration.
ALTER TABLE pool ADD COLUMN cell text COLLATE "C";
ALTER TABLE pool ADD COLUMN entered_at bigint NOT NULL DEFAULT 0;

-- publication: the number of the one that formed, settled or released it; it is prepared until release_profile.published has reached that number.
ALTER TABLE cell ADD COLUMN publication integer NOT NULL DEFAULT 0;
ALTER TABLE settled ADD COLUMN publication integer NOT NULL DEFAULT 0;

-- publication: the number of the one that used the values or withheld them; null: they wait. They go with the next publication, and wait again when their cell is dissolved.
ALTER TABLE outcome ADD COLUMN publication integer;
CREATE INDEX outcome_used ON outcome (publication) WHERE publication IS NOT NULL;

-- One row per profile, locked by every commit of a publication, and in share mode by every withdrawal.
CREATE TABLE release_profile (
    stream    text COLLATE "C" NOT NULL CONSTRAINT release_profile_pkey PRIMARY KEY,
    published integer NOT NULL DEFAULT 0
);

-- One form for all recipients, without pseudonym; sealed under the person's key. superseded: the publication with a correction of it; in force once that is committed.
CREATE TABLE released (
    person      text COLLATE "C" NOT NULL,
    milestone   text COLLATE "C" NOT NULL,
    publication integer NOT NULL,
    cell        text COLLATE "C" NOT NULL CONSTRAINT released_cell_fkey REFERENCES cell (cell),
    values_     bytea   NOT NULL,
    superseded  integer,
    CONSTRAINT released_pkey PRIMARY KEY (person, milestone, publication)
);

CREATE INDEX released_publication ON released (publication, cell);

INSERT INTO released (person, milestone, publication, cell, values_) SELECT person, milestone, batch, cell, values_ FROM batch_row;
UPDATE settled AS s SET publication = r.publication FROM released AS r WHERE r.cell = s.cell AND r.milestone = s.milestone;

-- A batch of one recipient (an agreement; 'local': who pulled before there were agreements). Its rows may lie here before it does: they are then in no delivery.
CREATE TABLE delivery_batch (
    recipient       text COLLATE "C" NOT NULL,
    number          integer NOT NULL CHECK (number >= 1),
    publication     integer NOT NULL,
    published_at    bigint  NOT NULL,
    rows            bigint  NOT NULL,
    root            bytea   NOT NULL,
    manifest        bytea   NOT NULL,
    signature       bytea   NOT NULL,
    acknowledged_at bigint,
    CONSTRAINT delivery_batch_pkey PRIMARY KEY (recipient, number)
);

-- tombstone: number of the recipient's batch whose manifest told that the row is withdrawn or corrected.
CREATE TABLE delivery_row (
    recipient   text COLLATE "C" NOT NULL,
    batch       integer NOT NULL,
    row         bigint  NOT NULL,
    person      text COLLATE "C" NOT NULL,
    milestone   text COLLATE "C" NOT NULL,
    publication integer NOT NULL,
    epoch       integer NOT NULL,
    leaf        bytea   NOT NULL CHECK (octet_length(leaf) = 32),
    tombstone   integer,
    CONSTRAINT delivery_row_pkey PRIMARY KEY (recipient, batch, row),
    CONSTRAINT delivery_row_person_key UNIQUE (person, recipient, milestone, publication)
);

-- Under which epoch's pseudonyms a batch tells of a cell.
CREATE TABLE delivery_cell (
    recipient text COLLATE "C" NOT NULL,
    cell      text COLLATE "C" NOT NULL,
    batch     integer NOT NULL,
    epoch     integer NOT NULL,
    CONSTRAINT delivery_cell_pkey PRIMARY KEY (recipient, cell, batch)
);

INSERT INTO delivery_batch (recipient, number, publication, published_at, rows, root, manifest, signature)
SELECT 'local', number, number, published_at, rows, root, manifest, signature FROM batch;
INSERT INTO delivery_row (recipient, batch, row, person, milestone, publication, epoch, leaf)
SELECT 'local', batch, row, person, milestone, batch, 1, leaf FROM batch_row;
INSERT INTO delivery_cell (recipient, cell, batch, epoch) SELECT 'local', cell, min(batch), 1 FROM batch_row GROUP BY cell;
-- Always there, because who withdraws locks it.
INSERT INTO release_profile (stream, published) SELECT 'rl-public-outcomes', coalesce(max(number), 0) FROM batch;
DROP TABLE batch_row;
DROP TABLE batch;

-- Agreements in any state, for who decides at delivery; the record is the partner's stream.
CREATE TABLE agreement (
    agreement  text COLLATE "C" NOT NULL CONSTRAINT agreement_pkey PRIMARY KEY,
    partner    text COLLATE "C" NOT NULL,
    profile    text COLLATE "C" NOT NULL,
    required   integer NOT NULL,
    fields     text    NOT NULL,
    valid_from bigint  NOT NULL,
    valid_to   bigint  NOT NULL,
    quota      bigint  NOT NULL,
    epoch      integer NOT NULL,
    status     text    NOT NULL
);

CREATE INDEX agreement_partner ON agreement (partner, profile);

-- Rows sent on one day (UTC, days since 1970), for the quota.
CREATE TABLE delivery_use (
    recipient text COLLATE "C" NOT NULL,
    day       integer NOT NULL,
    rows      bigint  NOT NULL,
    CONSTRAINT delivery_use_pkey PRIMARY KEY (recipient, day)
);

-- A signed document of the exchange: 'statistics' (name: table and version), 'rekey' (name: recipient), numbered by publication or by 1..n.
CREATE TABLE exchange_document (
    kind      text COLLATE "C" NOT NULL,
    name      text COLLATE "C" NOT NULL,
    number    integer NOT NULL,
    document  bytea   NOT NULL,
    signature bytea   NOT NULL,
    CONSTRAINT exchange_document_pkey PRIMARY KEY (kind, name, number)
);

-- Records that partners submitted; sealed under the key of the submission's stream.
CREATE TABLE submission_record (
    stream  text COLLATE "C" NOT NULL,
    record  text COLLATE "C" NOT NULL,
    version bigint  NOT NULL,
    values_ bytea   NOT NULL,
    CONSTRAINT submission_record_pkey PRIMARY KEY (stream, record)
);

UPDATE store SET min_reader = 9;
