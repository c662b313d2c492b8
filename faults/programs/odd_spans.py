"""Records spans that a sink will not take among many that it will: `huge`, `huge_uncut` or `poison`."""

import random
import string
import sys

from faults.programs.recording import POISON, SPANS, block, finish, one, record, start

_HUGE_BYTES = 10_000_000
_POISONED = 5


def huge(*, is_cut: bool) -> None:
    """One input of 10 MB in the middle; only what is not cut to the budget is too large for the sink."""
    start(max_attribute_bytes=None if is_cut else 2 * _HUGE_BYTES)
    record(SPANS // 2)
    text = "".join(random.Random(0).choices(string.ascii_letters, k=_HUGE_BYTES))
    block("huge", {"document": text}, is_refused=not is_cut)
    record(SPANS // 2)


def poison() -> None:
    """Spans here and there whose name the sink does not take."""
    start()
    every = SPANS // _POISONED

    def each(number: int) -> None:
        one(number, name=POISON if number % every == every // 2 else "answer")

    record(each=each)


if __name__ == "__main__":
    if sys.argv[1] == "poison":
        poison()
    else:
        huge(is_cut=sys.argv[1] == "huge")
    finish()
