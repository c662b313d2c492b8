-- Small numbers for what rows belong to. A container outlives its rows: writers remember its number.
CREATE TABLE containers (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,  -- project, experiment, playground
    key TEXT NOT NULL,
    UNIQUE (kind, key)
);
