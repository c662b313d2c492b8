"""Rows out of the file: their entries at once, their payloads by and by."""

import sqlite3

from spanscore.store._blocks import without
from spanscore.store._rows import Place
from spanscore.store._sql import sql


def remove(connection: sqlite3.Connection, place: Place, *, is_searched: bool) -> None:
    """Take a row out; while its words are in the full text, which needs them to forget, its payload stays."""
    if is_searched:
        connection.execute(sql("insert_stale"), (place.row,))
    else:
        connection.execute(sql("mark_dead"), (1 << place.slot, place.block))
    connection.execute(sql("delete_row"), (place.row,))
    connection.execute(sql("delete_attachments"), (place.row,))
    connection.execute(sql("delete_scores"), (place.container, place.row))
    connection.execute(sql("delete_metrics"), (place.container, place.row))
    connection.execute(sql("delete_case"), (place.container, place.row))
    connection.execute(sql("delete_classifications"), (place.container, place.row))


def erase_dead(connection: sqlite3.Connection, limit: int) -> int:
    """Erase dead payloads from up to `limit` blocks, drop those that are all dead; how many it were."""
    found = connection.execute(sql("blocks_to_erase"), (limit,)).fetchall()
    for block, slots, dead, data in found:
        if dead == (1 << slots) - 1:
            connection.execute(sql("delete_block"), (block,))
        else:
            connection.execute(sql("set_block"), (without(data, dead), dead, block))
    return len(found)
