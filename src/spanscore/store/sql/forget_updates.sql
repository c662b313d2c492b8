-- They were of a row in whose place another comes; those that still wait are of that one.
DELETE FROM updates WHERE trace_id = ? AND id = ? AND container = ? AND NOT is_pending
