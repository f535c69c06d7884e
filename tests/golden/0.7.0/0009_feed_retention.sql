-- Of each site the last feed entry that was trimmed: who has read no further than before it has missed something.
CREATE TABLE feed_trimmed (
    site     TEXT    NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
