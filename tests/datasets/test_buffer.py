"""Changes that wait: in order, in time, none lost, none twice."""

import logging
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from spanscore.datasets._buffer import WriteBuffer
from spanscore.datasets._changes import inserted
from spanscore.errors import RejectedError, RetryLaterError, TooLargeError
from spanscore.wire.datasets import DatasetChange

pytestmark = pytest.mark.core


class Sink:
    """Takes changes; refuses the ids of `refused`, and everything while `is_down`."""

    def __init__(self) -> None:
        self.portions: list[list[str]] = []
        self.refused: set[str] = set()
        self.is_down = False
        self.wrote = threading.Event()

    def write(self, changes: Sequence[DatasetChange]) -> None:
        if self.is_down:
            raise RetryLaterError("down")
        if self.refused & {change.id for change in changes}:
            raise (RejectedError if len(changes) < 3 else TooLargeError)("never")
        self.portions.append([change.id for change in changes])
        self.wrote.set()


def filled(sink: Sink, most: int, ids: str, **options: Any) -> WriteBuffer:
    buffer = WriteBuffer(sink.write, lambda: most, **options)
    for id_ in ids:
        buffer.add(inserted(id=id_))
    return buffer


def test_one_at_once_is_written_at_once() -> None:
    sink = Sink()
    filled(sink, 1, "abc")
    assert sink.portions == [["a"], ["b"], ["c"]]


def test_many_are_written_together_and_the_rest_by_flush() -> None:
    sink = Sink()
    buffer = filled(sink, 3, "abcdefgh", wait_s=600)
    assert sink.portions == [["a", "b", "c"], ["d", "e", "f"]]
    buffer.flush()
    buffer.flush()
    assert sink.portions[2:] == [["g", "h"]]


def test_what_waits_is_written_in_time() -> None:
    sink = Sink()
    filled(sink, 100, "a", wait_s=0.01)
    assert sink.wrote.wait(30)
    assert sink.portions == [["a"]]


def test_large_changes_do_not_wait() -> None:
    sink = Sink()
    buffer = WriteBuffer(sink.write, lambda: 100, wait_s=600)
    buffer.add(inserted(id="large", input="x" * (5 << 20)))
    assert sink.portions == [["large"]]


def test_what_cannot_be_written_stays_in_its_order() -> None:
    sink = Sink()
    buffer = filled(sink, 100, "ab", wait_s=600)
    sink.is_down = True
    with pytest.raises(
        RetryLaterError, match=r"down; changes of the dataset, 2 by now, wait, .*do not repeat"
    ):
        buffer.flush()
    buffer.add(inserted(id="c"))
    sink.is_down = False
    buffer.flush()
    assert sink.portions == [["a", "b", "c"]]


def test_what_is_refused_goes_and_is_named() -> None:
    sink = Sink()
    sink.refused = {"b", "e"}
    buffer = filled(sink, 100, "abcdef", wait_s=600)
    with pytest.raises(RejectedError, match="records 'b', 'e' were refused, and are not written: never"):
        buffer.flush()
    assert [each for portion in sink.portions for each in portion] == ["a", "c", "d", "f"]
    buffer.flush()


def test_what_was_refused_is_named_also_where_the_rest_cannot_be_written() -> None:
    sink = Sink()
    sink.refused = {"a"}
    limit = 100

    def down_after_one(changes: Sequence[DatasetChange]) -> None:
        sink.is_down = changes[0].id == "b"
        sink.write(changes)

    buffer = WriteBuffer(down_after_one, lambda: limit, wait_s=600)
    for id_ in "ab":
        buffer.add(inserted(id=id_))
    limit = 1
    with pytest.raises(
        RetryLaterError, match="records 'a' were refused, and are not written: never; then down"
    ):
        buffer.flush()


def test_the_end_says_what_was_not_written(caplog: pytest.LogCaptureFixture) -> None:
    sink = Sink()
    buffer = filled(sink, 100, "ab", wait_s=600)
    sink.is_down = True
    with caplog.at_level(logging.ERROR, "spanscore"):
        buffer.end()
    assert [record.getMessage() for record in caplog.records] == [
        "2 changes of a dataset were not written: down"
    ]


def test_threads_write_everything_once() -> None:
    sink = Sink()
    buffer = WriteBuffer(sink.write, lambda: 7, wait_s=600)

    def add(letter: str) -> None:
        for number in range(100):
            buffer.add(inserted(id=f"{letter}{number}"))

    threads = [threading.Thread(target=add, args=(letter,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    buffer.flush()
    written = [each for portion in sink.portions for each in portion]
    assert sorted(written) == sorted(f"{letter}{number}" for letter in "abcd" for number in range(100))
    for letter in "abcd":
        assert [each for each in written if each[0] == letter] == [f"{letter}{n}" for n in range(100)]
