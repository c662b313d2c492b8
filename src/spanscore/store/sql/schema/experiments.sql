-- The row number tells which of two experiments is the earlier one.
CREATE TABLE experiments (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    description TEXT,
    metadata TEXT NOT NULL,
    tags TEXT NOT NULL,
    scorers TEXT NOT NULL,
    errors TEXT NOT NULL,
    created_ns INTEGER NOT NULL,
    UNIQUE (project_id, name)
);
