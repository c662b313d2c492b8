"""Variable-length integers and fields, compared with the protobuf library's own."""

import pytest
from google.protobuf.wrappers_pb2 import BytesValue, DoubleValue, Int64Value, UInt32Value, UInt64Value
from hypothesis import given
from hypothesis import strategies as st

from spanscore.delivery._protobuf import BYTES, FIXED64, VARINT, block, fixed64, int64, tag, uint32, varint
from spanscore.delivery._protobuf import pack_double as double

pytestmark = pytest.mark.core

ONE_VARINT = tag(1, VARINT)
EDGES = [1, 0x7F, 0x80, 0x3FFF, 0x4000, 0x1F_FFFF, 0x20_0000, (1 << 32) - 1, 1 << 63, (1 << 64) - 1]


@pytest.mark.parametrize("number", EDGES)
def test_varint_at_the_edges_of_its_lengths(number: int) -> None:
    assert ONE_VARINT + varint(number) == UInt64Value(value=number).SerializeToString()


@given(st.integers(1, (1 << 64) - 1))
def test_varint_is_that_of_the_library(number: int) -> None:
    assert ONE_VARINT + varint(number) == UInt64Value(value=number).SerializeToString()


@given(st.integers(-(1 << 63), (1 << 63) - 1).filter(bool))
def test_int64_is_that_of_the_library(number: int) -> None:
    assert ONE_VARINT + int64(number) == Int64Value(value=number).SerializeToString()


@given(st.binary(min_size=1, max_size=400))
def test_block_is_that_of_the_library(content: bytes) -> None:
    assert block(tag(1, BYTES), content) == BytesValue(value=content).SerializeToString()


def test_double_is_that_of_the_library() -> None:
    assert tag(1, FIXED64) + double(-1.5) == DoubleValue(value=-1.5).SerializeToString()


def test_tag_of_a_high_field_takes_two_bytes() -> None:
    assert tag(16, BYTES) == b"\x82\x01"


def test_numbers_that_do_not_fit_become_the_nearest_that_do() -> None:
    assert uint32(ONE_VARINT, 1 << 40) == UInt32Value(value=(1 << 32) - 1).SerializeToString()
    assert uint32(ONE_VARINT, -1) == ONE_VARINT + b"\x00"
    assert fixed64(b"", -5) == bytes(8)
    assert fixed64(b"", 1 << 70) == b"\xff" * 8
    assert fixed64(b"", 12.9) == (12).to_bytes(8, "little")  # pyright: ignore[reportArgumentType]
