-- Records that look like one person's (docs/decisions/0057-probable-doubles.md).

-- compared: with the others, by a step of its own after the patient was enrolled.
ALTER TABLE patient ADD COLUMN compared boolean NOT NULL DEFAULT false;

CREATE INDEX patient_uncompared ON patient (stream) WHERE NOT compared;

-- Keyed hashes of birth date and names together.
CREATE TABLE patient_match (
    stream      text COLLATE "C" NOT NULL CONSTRAINT patient_match_pkey PRIMARY KEY CONSTRAINT patient_match_stream_fkey REFERENCES patient (stream) ON DELETE CASCADE,
    whole       bytea NOT NULL,
    first_given bytea NOT NULL
);

CREATE INDEX patient_match_whole ON patient_match (whole, stream);

CREATE INDEX patient_match_first_given ON patient_match (first_given, stream);

-- dismissed_in, dismissed_version: the command that said that they are two.
CREATE TABLE probable_double (
    double            text COLLATE "C" NOT NULL CONSTRAINT probable_double_pkey PRIMARY KEY,
    one               text COLLATE "C" NOT NULL CONSTRAINT probable_double_one_fkey REFERENCES patient (stream) ON DELETE CASCADE,
    other             text COLLATE "C" NOT NULL CONSTRAINT probable_double_other_fkey REFERENCES patient (stream) ON DELETE CASCADE,
    reason            integer NOT NULL CHECK (reason BETWEEN 1 AND 3),
    found_at          bigint NOT NULL,
    dismissed_in      text COLLATE "C",
    dismissed_version bigint,
    CONSTRAINT probable_double_one_other_key UNIQUE (one, other),
    CHECK (one < other),
    CHECK ((dismissed_in IS NULL) = (dismissed_version IS NULL))
);

CREATE INDEX probable_double_other ON probable_double (other);

CREATE INDEX probable_double_found ON probable_double (found_at, double);
