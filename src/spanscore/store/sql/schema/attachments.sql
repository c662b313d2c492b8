-- Which rows refer to which bytes; those are in files beside this one.
CREATE TABLE attachments (
    row INTEGER NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (row, key)
) WITHOUT ROWID;
CREATE INDEX attachments_by_key ON attachments (key);
