-- Each finished eval span. Of several attempts at the same trial of a case the newest counts.
CREATE TABLE cases (
    container INTEGER NOT NULL,
    row INTEGER NOT NULL,
    case_id BLOB NOT NULL,
    case_key BLOB NOT NULL,
    trial INTEGER,  -- NULL where the eval numbers no trials
    attempt INTEGER NOT NULL,  -- counted from 1
    is_error INTEGER NOT NULL,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER NOT NULL,
    PRIMARY KEY (container, row)
) WITHOUT ROWID;
CREATE INDEX retried_cases ON cases (container, case_key, trial, attempt) WHERE attempt > 1;
