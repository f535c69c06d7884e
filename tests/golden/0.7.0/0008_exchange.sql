-- The exchange: what a publication prepares, what each recipient was given, agreements, submissions. Times are whole milliseconds since 1970 (UTC).

-- Who permits what, as bits: 1 to 8 classes of recipients, 16 to 128 purposes (16: research). Who consented before said research. until: the end of the period.
ALTER TABLE consent ADD COLUMN until INTEGER NOT NULL DEFAULT 9223372036854775807;
UPDATE consent SET recipients = recipients | 16 WHERE recipients & 15 <> 0;
UPDATE cell SET recipients = recipients | 16;

-- Who had closed week 52 before there were milestones after it gets those, by the due loop.
INSERT INTO due (stream, kind, at)
SELECT DISTINCT stream, 'yearly-milestones', 0 FROM due WHERE kind LIKE 'milestone:Week52%' AND done_at >= at AND stream IN (SELECT person FROM consent);

-- cell: where the person is; null: the person waits. Who joined before this migration has no row. entered_at: 0 for who came before this migration.
ALTER TABLE pool ADD COLUMN cell TEXT;
ALTER TABLE pool ADD COLUMN entered_at INTEGER NOT NULL DEFAULT 0;

-- publication: the number of the one that formed, settled or released it; it is prepared until release_profile.published has reached that number.
ALTER TABLE cell ADD COLUMN publication INTEGER NOT NULL DEFAULT 0;
ALTER TABLE settled ADD COLUMN publication INTEGER NOT NULL DEFAULT 0;

-- publication: the number of the one that used the values or withheld them; null: they wait. They go with the next publication, and wait again when their cell is dissolved.
ALTER TABLE outcome ADD COLUMN publication INTEGER;
CREATE INDEX outcome_used ON outcome (publication) WHERE publication IS NOT NULL;

-- One row per profile, locked by every commit of a publication, and in share mode by every withdrawal.
CREATE TABLE release_profile (
    stream    TEXT NOT NULL PRIMARY KEY,
    published INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One form for all recipients, without pseudonym; sealed under the person's key. superseded: the publication with a correction of it; in force once that is committed.
CREATE TABLE released (
    person      TEXT NOT NULL,
    milestone   TEXT NOT NULL,
    publication INTEGER NOT NULL,
    cell        TEXT NOT NULL REFERENCES cell (cell),
    values_     BLOB   NOT NULL,
    superseded  INTEGER,
    PRIMARY KEY (person, milestone, publication)
) STRICT;

CREATE INDEX released_publication ON released (publication, cell);

INSERT INTO released (person, milestone, publication, cell, values_) SELECT person, milestone, batch, cell, values_ FROM batch_row;
UPDATE settled SET publication = coalesce((SELECT max(r.publication) FROM released AS r WHERE r.cell = settled.cell AND r.milestone = settled.milestone), 0);

-- A batch of one recipient (an agreement; 'local': who pulled before there were agreements). Its rows may lie here before it does: they are then in no delivery.
CREATE TABLE delivery_batch (
    recipient       TEXT NOT NULL,
    number          INTEGER NOT NULL CHECK (number >= 1),
    publication     INTEGER NOT NULL,
    published_at    INTEGER  NOT NULL,
    rows            INTEGER  NOT NULL,
    root            BLOB   NOT NULL,
    manifest        BLOB   NOT NULL,
    signature       BLOB   NOT NULL,
    acknowledged_at INTEGER,
    PRIMARY KEY (recipient, number)
) STRICT;

-- tombstone: number of the recipient's batch whose manifest told that the row is withdrawn or corrected.
CREATE TABLE delivery_row (
    recipient   TEXT NOT NULL,
    batch       INTEGER NOT NULL,
    row         INTEGER  NOT NULL,
    person      TEXT NOT NULL,
    milestone   TEXT NOT NULL,
    publication INTEGER NOT NULL,
    epoch       INTEGER NOT NULL,
    leaf        BLOB   NOT NULL CHECK (length(leaf) = 32),
    tombstone   INTEGER,
    PRIMARY KEY (recipient, batch, row),
    UNIQUE (person, recipient, milestone, publication)
) STRICT;

-- Under which epoch's pseudonyms a batch tells of a cell.
CREATE TABLE delivery_cell (
    recipient TEXT NOT NULL,
    cell      TEXT NOT NULL,
    batch     INTEGER NOT NULL,
    epoch     INTEGER NOT NULL,
    PRIMARY KEY (recipient, cell, batch)
) STRICT;

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
    agreement  TEXT NOT NULL PRIMARY KEY,
    partner    TEXT NOT NULL,
    profile    TEXT NOT NULL,
    required   INTEGER NOT NULL,
    fields     TEXT    NOT NULL,
    valid_from INTEGER  NOT NULL,
    valid_to   INTEGER  NOT NULL,
    quota      INTEGER  NOT NULL,
    epoch      INTEGER NOT NULL,
    status     TEXT    NOT NULL
) STRICT;

CREATE INDEX agreement_partner ON agreement (partner, profile);

-- Rows sent on one day (UTC, days since 1970), for the quota.
CREATE TABLE delivery_use (
    recipient TEXT NOT NULL,
    day       INTEGER NOT NULL,
    rows      INTEGER  NOT NULL,
    PRIMARY KEY (recipient, day)
) STRICT;

-- A signed document of the exchange: 'statistics' (name: table and version), 'rekey' (name: recipient), numbered by publication or by 1..n.
CREATE TABLE exchange_document (
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    number    INTEGER NOT NULL,
    document  BLOB   NOT NULL,
    signature BLOB   NOT NULL,
    PRIMARY KEY (kind, name, number)
) STRICT;

-- Records that partners submitted; sealed under the key of the submission's stream.
CREATE TABLE submission_record (
    stream  TEXT NOT NULL,
    record  TEXT NOT NULL,
    version INTEGER  NOT NULL,
    values_ BLOB   NOT NULL,
    PRIMARY KEY (stream, record)
) STRICT;

UPDATE store SET min_reader = 8;
