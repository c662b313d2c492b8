INSERT INTO rows (
    row, container, trace_id, id, parent_id, name, type, start_ns, end_ns, is_error,
    tokens, prompt_tokens, completion_tokens, estimated_cost, xact, block, slot
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
