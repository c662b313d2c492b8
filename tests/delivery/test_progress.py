"""How far a destination has got: nothing is acknowledged before it is settled."""

import pytest

from spanscore.delivery._frames import LOCAL_ONLY, Frame, Kind
from spanscore.delivery._memory import MemoryLog
from spanscore.delivery._progress import Progress
from spanscore.delivery._sources import Sources

pytestmark = pytest.mark.core


class Log(MemoryLog):
    """A log that can be finished."""

    def __init__(self, *flags: int) -> None:
        super().__init__(Sources(), ["a"])
        for flag in flags:
            self.append(Kind.UPDATE, flag, b"x")


class Acks:
    """Positions that were acknowledged; `is_broken` as if the disk were full."""

    def __init__(self) -> None:
        self.positions: list[int] = []
        self.is_broken = False

    def __call__(self, position: int) -> None:
        if self.is_broken:
            raise OSError("no space left on device")
        self.positions.append(position)


def progress_on(log: Log, acks: Acks, start: int = 0) -> Progress:
    return Progress(log, "a", is_own=True, acknowledge=acks, let_go=lambda: None, start=start)


def read(progress: Progress) -> list[Frame]:
    return progress.read()[1]


def test_what_is_for_others_is_told_apart_and_what_was_settled_before_is_left_out() -> None:
    progress = progress_on(Log(0, LOCAL_ONLY, 0, LOCAL_ONLY), Acks(), start=1)
    chunk, frames, elsewhere = progress.read()
    assert (len(chunk.frames), [frame.start for frame in frames], elsewhere) == (4, [2], 2)
    assert progress.left == 1


def test_position_moves_when_it_is_settled() -> None:
    acks, log = Acks(), Log(0, 0)
    progress = progress_on(log, acks)
    assert (progress.has_news, len(read(progress)), acks.positions) == (True, 2, [])
    progress.settle(2)
    assert (progress.has_news, acks.positions, progress.is_done) == (False, [2], False)
    log.is_finished = True
    assert progress.is_done


def test_what_is_held_is_not_acknowledged_until_it_is_delivered() -> None:
    acks, log = Acks(), Log(0, 0, 0)
    log.is_finished = True
    progress = progress_on(log, acks)
    places = [progress.hold(frame) for frame in read(progress)[:2]]
    progress.settle(3)
    assert (acks.positions, progress.held, progress.left, progress.is_done) == ([0], 2, 2, False)
    released = progress.release(places[0])
    assert released is not None
    assert (released.start, acks.positions, progress.held) == (0, [0], 2)
    progress.settle_released()
    assert (acks.positions, progress.held) == ([0, 1], 1)
    progress.release(places[1])
    progress.settle_released()
    assert (acks.positions, progress.is_done) == ([0, 1, 3], True)
    progress.settle_released()
    assert acks.positions == [0, 1, 3]


def test_what_was_released_and_not_delivered_is_still_not_acknowledged() -> None:
    acks = Acks()
    progress = progress_on(Log(0, 0), acks)
    progress.release(progress.hold(read(progress)[0]))
    progress.hold_again()
    progress.settle(2)
    assert (acks.positions, progress.left) == ([0], 1)


def test_what_could_not_be_remembered_is_remembered_later() -> None:
    acks, log = Acks(), Log(0)
    log.is_finished = acks.is_broken = True
    progress = progress_on(log, acks)
    progress.settle(1)
    assert (progress.has_news, progress.is_done) == (False, False)
    acks.is_broken = False
    progress.settle_released()
    assert (acks.positions, progress.is_done) == ([1], True)


def test_giving_up_settles_all_that_is_left_and_held() -> None:
    acks, log = Acks(), Log(0, 0, 0)
    progress = progress_on(log, acks)
    progress.hold(read(progress)[0])
    progress.settle(2)
    assert progress.left == 2
    progress.give_up()
    assert (progress.left, progress.held, acks.positions[-1]) == (0, 0, 3)


def test_position_never_goes_back() -> None:
    acks = Acks()
    progress = progress_on(Log(0, 0), acks)
    progress.settle(2)
    progress.settle(1)
    assert acks.positions == [2, 2]
    progress.begin_at(1)
    assert len(read(progress)) == 1
