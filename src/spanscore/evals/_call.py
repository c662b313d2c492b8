"""One call of the user's task or of a scorer, wherever it has to run."""

from collections.abc import Callable
from typing import Any

from spanscore.evals._deadline import within
from spanscore.evals._step import ContainedError, Step
from spanscore.evals._task import exhausted, is_unsettled, settled
from spanscore.evals._worker import Workers


class Call:
    """A call of `function` with its span: `open_step` begins it, `finish` ends it.

    `read` makes a value of what `function` returns. What `function` or `read` raises is kept in the step;
    `finish` gets None for a value then.
    """

    __slots__ = ("_finish", "_function", "_open_step", "_read", "_step", "is_async", "unsettled")

    def __init__(
        self,
        function: Callable[[], Any],
        *,
        is_async: bool,
        open_step: Callable[[], Step],
        read: Callable[[Any], Any],
        finish: Callable[[Step, Any], None],
    ) -> None:
        self.is_async = is_async
        self.unsettled: Any = None
        self._function = function
        self._open_step = open_step
        self._read = read
        self._finish = finish
        self._step: Step | None = None

    async def run(self, workers: Workers, timeout_s: float | None) -> None:
        """Make the call, a synchronous one in a thread; its error is a TimeoutError after `timeout_s`."""
        step = self._open_step()
        value = None
        with step:
            if not self.is_async:
                pending = self._in_thread(workers)
                value = self._read(await (pending if timeout_s is None else within(pending, timeout_s)))
            elif timeout_s is None:
                value = self._read(await settled(self._function()))
            else:
                value = self._read(await within(self._in_task(), timeout_s))
        self._finish(step, value)

    def run_here(self) -> None:
        """Make a synchronous call in this thread; if it returns an awaitable, `settle` has to follow."""
        step = self._step = self._open_step()
        value = None
        with step:
            returned = self._function()
            if is_unsettled(returned):
                self.unsettled = returned
                return
            value = self._read(exhausted(returned))
        self._finish(step, value)

    async def settle(self) -> None:
        """Await what `run_here` left, if it left something."""
        if self.unsettled is None or self._step is None:
            return
        value = None
        with self._step as step:
            value = self._read(await settled(self.unsettled))
        self._finish(step, value)

    async def _in_thread(self, workers: Workers) -> Any:
        job = await workers.perform(self._returned)
        if job.error is not None:
            raise job.error if isinstance(job.error, Exception) else ContainedError(job.error)
        return await settled(job.value)

    async def _in_task(self) -> Any:
        """The call in an asyncio task of its own, which would end the loop with a SystemExit."""
        try:
            return await settled(self._function())
        except SystemExit as error:
            raise ContainedError(error) from None

    def _returned(self) -> Any:
        """What the function returns, a generator's values included: they are not to hold up the loop."""
        returned = self._function()
        return returned if is_unsettled(returned) else exhausted(returned)
