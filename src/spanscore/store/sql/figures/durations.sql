SELECT count(*), coalesce(sum((end_ns - start_ns) / 1e9), 0.0) FROM live WHERE side = ?
