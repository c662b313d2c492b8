"""Everything patched by gevent before anything else is imported; greenlets record."""

from gevent import monkey

monkey.patch_all()

from typing import Any  # noqa: E402

import gevent  # noqa: E402 - after the patching, as gevent asks for

from faults.programs.recording import SPANS, finish, one, start  # noqa: E402

GREENLETS = 20


def work(spans: int) -> None:
    """Record, letting others in between."""
    for number in range(spans):
        one(number)
        gevent.sleep(0)


if __name__ == "__main__":
    start()
    greenlets: list[Any] = [gevent.spawn(work, SPANS // GREENLETS) for _ in range(GREENLETS)]
    gevent.joinall(greenlets)
    finish()
