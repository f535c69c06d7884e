-- Client assertions (RFC 7523) that were used: id is SHA-256 of client and jti, until is whole milliseconds since 1970 (UTC).

CREATE TABLE used_assertion (
    id    bytea  NOT NULL CONSTRAINT used_assertion_pkey PRIMARY KEY CHECK (octet_length(id) = 32),
    until bigint NOT NULL
);

CREATE INDEX used_assertion_until ON used_assertion (until);
