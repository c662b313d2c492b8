-- Every update of a row: those that came before it wait here, and the others are laid over it again if it is re-sent.
CREATE TABLE updates (
    number INTEGER PRIMARY KEY,
    container INTEGER NOT NULL,
    id BLOB NOT NULL,
    trace_id BLOB NOT NULL,
    fields TEXT NOT NULL,
    is_pending INTEGER NOT NULL
);
CREATE INDEX updates_of_rows ON updates (trace_id, id, container);
CREATE INDEX pending_updates ON updates (number) WHERE is_pending;
