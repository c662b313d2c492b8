SELECT id, slots, dead, data FROM blocks WHERE dead <> erased LIMIT ?
