-- Of each site the last feed entry that was trimmed: who has read no further than before it has missed something.
CREATE TABLE feed_trimmed (
    site     text COLLATE "C" NOT NULL CONSTRAINT feed_trimmed_pkey PRIMARY KEY,
    tx       xid8   NOT NULL,
    position bigint NOT NULL
);
