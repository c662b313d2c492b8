"""Acknowledgements: one holder at a time, a position that lasts."""

from pathlib import Path

import pytest

from spanscore.delivery._acks import Acknowledgement, ack_path, acknowledged, take_acknowledgement

pytestmark = pytest.mark.core


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    path = tmp_path / "1-1-1.spool"
    path.write_bytes(b"x")
    return path


def taken(segment: Path, identity: str) -> Acknowledgement:
    acknowledgement = take_acknowledgement(segment, identity)
    assert acknowledgement is not None
    return acknowledgement


def test_position_lasts_and_is_each_destinations_own(segment: Path) -> None:
    first = taken(segment, "a")
    assert (first.position, acknowledged(segment, "a")) == (0, 0)
    first.advance(1 << 40)
    first.close()
    first.close()
    assert (acknowledged(segment, "a"), acknowledged(segment, "b")) == (1 << 40, 0)
    assert taken(segment, "a").position == 1 << 40


def test_one_sender_at_a_time(segment: Path) -> None:
    first = taken(segment, "a")
    assert take_acknowledgement(segment, "a") is None
    taken(segment, "b").close()
    first.close()
    taken(segment, "a").close()


def test_segment_that_is_gone_meanwhile_leaves_no_file(segment: Path) -> None:
    segment.unlink()
    assert take_acknowledgement(segment, "a") is None
    assert list(segment.parent.iterdir()) == []


def test_file_that_was_cut_off_counts_as_nothing_taken(segment: Path) -> None:
    ack_path(segment, "a").write_bytes(b"\1\2\3")
    assert acknowledged(segment, "a") == 0
    acknowledgement = taken(segment, "a")
    assert acknowledgement.position == 0
    acknowledgement.advance(7)
    acknowledgement.close()
    assert acknowledged(segment, "a") == 7


def test_name_tells_nothing_of_the_destination(segment: Path) -> None:
    name = ack_path(segment, "braintrust:https://api#digest").name
    assert "braintrust" not in name
    assert "digest" not in name
    assert name.startswith("1-1-1.")
