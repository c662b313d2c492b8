-- What is known of an experiment as a whole: whether its run has yet to say that it has ended, and scores over all of
-- its results.
ALTER TABLE experiments ADD COLUMN is_unfinished INTEGER NOT NULL DEFAULT 0;
CREATE TABLE summary_scores (
    experiment_id TEXT NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    value REAL,  -- NULL where it was skipped
    PRIMARY KEY (experiment_id, place)
) WITHOUT ROWID;
-- Numbers that a program has logged on the eval span of a case, or on its task. `case_id` is as in scores.
CREATE TABLE metrics (
    container INTEGER NOT NULL,
    row INTEGER NOT NULL,
    place INTEGER NOT NULL,
    case_id BLOB NOT NULL,
    name TEXT NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (container, row, place)
) WITHOUT ROWID;
