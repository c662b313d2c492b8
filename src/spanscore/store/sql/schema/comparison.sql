-- What an experiment is compared with, and by what: the commit it was run from, which data, whether all of it was run.
ALTER TABLE experiments ADD COLUMN is_public INTEGER NOT NULL DEFAULT 0;
ALTER TABLE experiments ADD COLUMN repo_info TEXT;
ALTER TABLE experiments ADD COLUMN commit_id TEXT;
ALTER TABLE experiments ADD COLUMN dataset_id TEXT;
ALTER TABLE experiments ADD COLUMN dataset_version TEXT;
ALTER TABLE experiments ADD COLUMN baseline_id TEXT;
ALTER TABLE experiments ADD COLUMN partial TEXT;
-- Hash of what the case says it has in common with others; NULL where it says nothing.
ALTER TABLE cases ADD COLUMN cluster BLOB;
-- Labels of cases, each with the name it was given under. `case_id` is as in scores.
CREATE TABLE classifications (
    container INTEGER NOT NULL,
    row INTEGER NOT NULL,
    place INTEGER NOT NULL,
    case_id BLOB NOT NULL,
    name TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (container, row, place)
) WITHOUT ROWID;
