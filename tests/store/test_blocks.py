"""Blocks: payloads in, payloads out, and the dead ones gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore._json import JsonText, to_json
from spanscore.store._blocks import SLOTS, fields_of, pack, payload, unpack, without
from spanscore.wire.rows import FIELDS

pytestmark = pytest.mark.core

FIELD_SETS = st.dictionaries(st.sampled_from(FIELDS), (st.text() | st.floats() | st.none()).map(to_json))


@given(rows=st.lists(FIELD_SETS, min_size=1, max_size=SLOTS))
def test_fields_come_back(rows: list[dict[str, JsonText]]) -> None:
    assert [fields_of(text) for text in unpack(pack([payload(fields) for fields in rows]))] == rows


def test_dead_payloads_are_erased_and_the_others_keep_their_slots() -> None:
    texts = [payload({"input": to_json(number)}) for number in range(SLOTS)]
    dead = 1 | 1 << 5 | 1 << SLOTS - 1
    left = unpack(without(pack(texts), dead))
    assert left == ["" if number in (0, 5, SLOTS - 1) else text for number, text in enumerate(texts)]
    assert fields_of("") == {}


def test_the_last_slot_is_a_bit_of_a_signed_number() -> None:
    assert 1 << SLOTS - 1 < 1 << 63
