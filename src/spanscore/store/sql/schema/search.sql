-- Full text of the rows, filled outside the write path. It keeps no content: to take a row's words out again its old
-- text is needed, which `stale` says where to find.
CREATE VIRTUAL TABLE search USING fts5 (text, content = '', tokenize = 'unicode61');
CREATE TABLE stale (
    row INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    block INTEGER NOT NULL,
    slot INTEGER NOT NULL
);
