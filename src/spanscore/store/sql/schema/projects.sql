-- A project that was only ever named by its id has no name.
CREATE TABLE projects (
    id TEXT PRIMARY KEY,
    name TEXT UNIQUE,
    created_ns INTEGER NOT NULL
) WITHOUT ROWID;
