-- Payloads of up to 60 neighbouring rows, compressed together. `dead` has a bit for each slot that no row refers to
-- any more, `erased` one for each dead slot whose content is gone from `data`.
CREATE TABLE blocks (
    id INTEGER PRIMARY KEY,
    slots INTEGER NOT NULL,
    dead INTEGER NOT NULL DEFAULT 0,
    erased INTEGER NOT NULL DEFAULT 0,
    data BLOB NOT NULL
);
CREATE INDEX blocks_to_erase ON blocks (id) WHERE dead <> erased;
