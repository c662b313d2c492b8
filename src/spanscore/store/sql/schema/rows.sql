-- Narrow, with sequential numbers: what lists and figures need. Everything else is in the block.
CREATE TABLE rows (
    row INTEGER PRIMARY KEY,
    container INTEGER NOT NULL,
    trace_id BLOB NOT NULL,
    id BLOB NOT NULL,
    parent_id BLOB,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER NOT NULL,
    is_error INTEGER NOT NULL,
    tokens REAL,  -- these four of model calls alone, without those that a scorer made
    prompt_tokens REAL,
    completion_tokens REAL,
    estimated_cost REAL,
    xact INTEGER NOT NULL,
    block INTEGER NOT NULL,
    slot INTEGER NOT NULL
);
-- Ids are random, and random keys are what writing costs: this one index serves for finding a row again, and has the
-- spans of a trace side by side. Two spans of one id in two traces are two rows.
CREATE UNIQUE INDEX rows_by_trace ON rows (trace_id, id, container);
CREATE INDEX rows_by_time ON rows (container, start_ns);
CREATE INDEX rows_with_tokens ON rows (
    container, trace_id, tokens, prompt_tokens, completion_tokens, estimated_cost
) WHERE tokens IS NOT NULL OR estimated_cost IS NOT NULL;
