-- Client assertions (RFC 7523) that were used: id is SHA-256 of client and jti, until is whole milliseconds since 1970 (UTC).

CREATE TABLE used_assertion (
    id    BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX used_assertion_until ON used_assertion (until);
