-- Numbers are given out here and never again, so that a number that something still refers to cannot come to mean
-- another row. Transactions have 19 digits from the first one on: their texts sort like the numbers.
CREATE TABLE counters (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    row INTEGER NOT NULL,
    block INTEGER NOT NULL,
    xact INTEGER NOT NULL,
    searched INTEGER NOT NULL  -- rows up to this number are in the full text
);
INSERT INTO counters VALUES (1, 0, 0, 1000000000000000000, 0);
