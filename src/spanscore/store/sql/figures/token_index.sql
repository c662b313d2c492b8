CREATE INDEX temp.live_by_trace ON live (side, trace_id)
