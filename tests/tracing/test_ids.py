"""Ids from the operating system."""

import os
import random

import pytest

from spanscore.tracing import OsRandomIdGenerator

pytestmark = pytest.mark.core


def test_ids_do_not_follow_the_programs_seed() -> None:
    ids = OsRandomIdGenerator()
    drawn: set[int] = set()
    for _ in range(2):
        random.seed(0)
        drawn.update(ids.generate_span_id() for _ in range(1000))
        drawn.update(ids.generate_trace_id() for _ in range(1000))
    assert len(drawn) == 4000
    assert all(0 < number < 2**128 for number in drawn)
    assert ids.is_trace_id_random()


def test_zero_is_never_an_id(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = iter([bytes(4096), b"\x01" + bytes(4095)])
    monkeypatch.setattr(os, "urandom", lambda size: next(pages))
    assert OsRandomIdGenerator().generate_span_id() == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this platform")
def test_forked_child_draws_ids_of_its_own() -> None:
    ids = OsRandomIdGenerator()
    ids.generate_span_id()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, b"%d" % ids.generate_span_id())
        os._exit(0)
    os.waitpid(child, 0)
    assert int(os.read(reader, 100)) != ids.generate_span_id()
    os.close(reader)
    os.close(writer)
