SELECT count(*), coalesce(sum(is_error), 0), min(start_ns), max(end_ns) FROM live WHERE side = ?
