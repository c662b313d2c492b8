-- Scratch tables of one connection, on disk where they grow: memory stays bounded. Side 0 is the experiment, 1 the
-- baseline.
CREATE TEMP TABLE live (  -- cases that count
    side INTEGER NOT NULL,
    case_id BLOB NOT NULL,
    trace_id BLOB NOT NULL,
    row INTEGER NOT NULL,
    case_key BLOB NOT NULL,
    is_error INTEGER NOT NULL,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER NOT NULL,
    cluster BLOB,
    duration REAL NOT NULL,
    PRIMARY KEY (side, case_id)
) WITHOUT ROWID;
CREATE TEMP TABLE given (  -- which scorer gave which score; a score of the eval span itself has no scorer
    side INTEGER NOT NULL,
    scorer TEXT,
    name TEXT NOT NULL
);
CREATE TEMP TABLE wanted (side INTEGER NOT NULL, scorer TEXT NOT NULL);
CREATE TEMP TABLE names (
    side INTEGER NOT NULL,
    name TEXT NOT NULL,
    scorer TEXT,
    PRIMARY KEY (side, name)
);
CREATE TEMP TABLE outcomes (  -- one score of one case: kind 0 scored, 1 skipped, 2 failed
    side INTEGER NOT NULL,
    name TEXT NOT NULL,
    case_key BLOB NOT NULL,
    row INTEGER NOT NULL,
    value REAL,
    kind INTEGER NOT NULL,
    cluster BLOB
);
CREATE TEMP TABLE spent (  -- what the model calls of a case took
    row INTEGER PRIMARY KEY,
    tokens REAL,
    prompt_tokens REAL,
    completion_tokens REAL,
    estimated_cost REAL
);
CREATE TEMP TABLE measured (  -- one metric of one input, over those of its cases and trials that have it
    side INTEGER NOT NULL,
    name TEXT NOT NULL,
    case_key BLOB NOT NULL,
    cluster BLOB NOT NULL,  -- the input itself where nothing else was said
    count INTEGER NOT NULL,
    total REAL NOT NULL,
    squares REAL NOT NULL,
    PRIMARY KEY (side, name, case_key)
) WITHOUT ROWID;
CREATE TEMP TABLE matched (  -- one score of one input, over its cases and trials
    side INTEGER NOT NULL,
    name TEXT NOT NULL,
    case_key BLOB NOT NULL,
    row INTEGER NOT NULL,
    value REAL NOT NULL,  -- the mean
    count INTEGER NOT NULL,
    total REAL NOT NULL,
    squares REAL NOT NULL,
    is_binary INTEGER NOT NULL,
    is_failed INTEGER NOT NULL,
    cluster BLOB NOT NULL,  -- as in measured
    PRIMARY KEY (side, name, case_key)
) WITHOUT ROWID;
