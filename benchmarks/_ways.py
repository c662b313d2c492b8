"""Ways of recording a traced call, measured beside each other."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._bare import PARENT
from spanscore._config import Settings
from spanscore._connect import connect
from spanscore.delivery import Outbox
from spanscore.tracing import CURRENT_LOGGER, RECORDING

Clock = Callable[[], float]


class Logs:
    """A logger, as far as spans want one."""

    parent = PARENT


@dataclass(frozen=True, kw_only=True)
class Way:
    """Recording through `provider` into an outbox of these settings."""

    settings: Settings
    outbox: Outbox
    provider: Any

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Recording is switched on this way, and off at the end."""
        CURRENT_LOGGER.set(Logs())
        RECORDING.switch_on(self.outbox, self.settings, provider=self.provider)
        try:
            yield
        finally:
            RECORDING.switch_off()

    def flush(self) -> None:
        """Wait until all is delivered, also by the provider's other processors."""
        self.outbox.flush()
        self.provider.force_flush()

    def through(self, provider: Any) -> "Way":
        """The same through another provider."""
        return Way(settings=self.settings, outbox=self.outbox, provider=provider)


def way(home: Path, provider: Any, **settings: Any) -> Way:
    """Recording with these settings into a home of its own."""
    chosen = Settings(home=home, propagate_threads=False, **settings)
    return Way(settings=chosen, outbox=connect(chosen).outbox, provider=provider)


def measured(
    call: Callable[[], Any], flush: Callable[[], Any], *, calls: int, chunks: int, clock: Clock
) -> float:
    """Microseconds a call, flushed every so many calls: the SDK's queue would drop a longer burst.

    On the thread's clock the flush is not counted, on the process's it is.
    """
    in_caller = clock is time.thread_time
    spent = 0.0
    for _ in range(chunks):
        start = clock()
        for _ in range(calls):
            call()
        if in_caller:
            spent += clock() - start
            flush()
        else:
            flush()
            spent += clock() - start
    return spent / (chunks * calls) * 1e6
