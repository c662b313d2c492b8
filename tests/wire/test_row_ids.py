"""Ids that programs give to the rows of their spans."""

import pytest

from spanscore.wire.row_ids import row_id_in

pytestmark = pytest.mark.core

CONTEXTS = {
    '{"row_id":"mine"}': "mine",
    '{"span_origin":{"row_id":"below"}}': None,
    '{"row_id":""}': None,
    '{"row_id":7}': None,
    '["row_id"]': None,
    '{"row_id":': None,
    "{}": None,
    None: None,
}


@pytest.mark.parametrize(("context", "found"), CONTEXTS.items())
def test_an_id_in_a_context(context: str | None, found: str | None) -> None:
    assert row_id_in(context) == found
