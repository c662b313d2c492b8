-- The one way to delete that a full text without content knows in every SQLite.
INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)
