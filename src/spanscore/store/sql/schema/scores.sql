-- Each score of each row. `case_id` is trace and span of the eval span that the score would count for. `name` is NULL
-- where a scorer failed and said no name, `value` is NULL where it skipped or failed.
CREATE TABLE scores (
    container INTEGER NOT NULL,
    row INTEGER NOT NULL,
    place INTEGER NOT NULL,
    case_id BLOB,
    scorer TEXT,
    name TEXT,
    value REAL,
    is_error INTEGER NOT NULL,
    PRIMARY KEY (container, row, place)
) WITHOUT ROWID;
