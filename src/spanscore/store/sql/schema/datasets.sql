-- Datasets keep every version: a change adds a revision and a transaction number, and takes nothing away.
CREATE TABLE datasets (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    description TEXT,
    metadata TEXT NOT NULL,
    created_ns INTEGER NOT NULL,
    UNIQUE (project_id, name)
);
-- A record keeps its place, which is the order of reading, whatever becomes of it.
CREATE TABLE dataset_records (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset INTEGER NOT NULL,
    id TEXT NOT NULL,
    UNIQUE (dataset, id)
);
CREATE INDEX dataset_records_by_place ON dataset_records (dataset, place);
-- A record as it is from the transaction `xact` on. What is deleted has no values. Values are JSON text.
CREATE TABLE dataset_revisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset INTEGER NOT NULL,
    place INTEGER NOT NULL,
    xact INTEGER NOT NULL,
    created TEXT NOT NULL,
    is_deleted INTEGER NOT NULL,
    input TEXT,
    expected TEXT,
    metadata TEXT,
    tags TEXT,
    origin TEXT,
    UNIQUE (place, xact)
);
CREATE INDEX dataset_revisions_by_xact ON dataset_revisions (dataset, xact);
CREATE TABLE dataset_snapshots (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    dataset INTEGER NOT NULL,
    name TEXT NOT NULL,
    xact INTEGER NOT NULL,
    description TEXT,
    created_ns INTEGER NOT NULL,
    UNIQUE (dataset, name)
);
-- Which revisions refer to which bytes; those are in files beside this one.
CREATE TABLE dataset_attachments (
    revision INTEGER NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (revision, key)
) WITHOUT ROWID;
CREATE INDEX dataset_attachments_by_key ON dataset_attachments (key);
