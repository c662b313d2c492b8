"""The crew: as many asyncio tasks as cases may run at once, each taking trial after trial."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from spanscore.evals._attempts import run_trial
from spanscore.evals._brake import Brake
from spanscore.evals._plan import Plan
from spanscore.evals._result import EvalResult
from spanscore.evals._trials import Trial, TrialSource

_GRACE_S: Final = 5.0
"""How long cancelled tasks have for their cleanup."""


Run = Callable[[Plan, Trial, Callable[[Mapping[str, float]], bool]], Awaitable[EvalResult]]
"""Gives the result of a trial; tells what each attempt at it has used, and is told whether to go on."""


class Turns:
    """Tells the turns of the event loop apart: whoever waits for something goes on in another one."""

    def __init__(self) -> None:
        self._number = 0
        self._will_end = False

    def current(self) -> int:
        """The number of this turn, to be compared with that of another moment."""
        if not self._will_end:
            self._will_end = True
            asyncio.get_running_loop().call_soon(self._end)
        return self._number

    def _end(self) -> None:
        self._number += 1
        self._will_end = False


class Crew:
    """Runs trials until there are no more or the brake is pulled; more of them at once as the limit grows.

    `finished` is told of each result, in the event loop. An error that is no case's stops all, each after the
    trial that it is in. `run` runs a trial, here or elsewhere.
    """

    def __init__(
        self,
        plan: Plan,
        trials: TrialSource,
        brake: Brake,
        finished: Callable[[Trial, EvalResult], None],
        *,
        run: Run = run_trial,
    ) -> None:
        self._run = run
        self._plan = plan
        self._trials = trials
        self._brake = brake
        self._finished = finished
        self._members: list[asyncio.Task[None]] = []
        self._is_over = False
        self._turns = Turns()

    async def run(self) -> None:
        """Return when all trials have run; when cancelled, cancel those that run."""
        self._hire()
        try:
            while running := [member for member in self._members if not member.done()]:
                await asyncio.wait(running)
        except asyncio.CancelledError:
            self._is_over = True
            for member in self._members:
                member.cancel()
            await asyncio.wait(self._members, timeout=_GRACE_S)
            raise
        for member in self._members:
            member.result()

    def _hire(self) -> None:
        """Take on as many as there is work for now."""
        plan = self._plan
        wanted = plan.limit.allowed + (0 if plan.judge_limit is None else plan.judge_limit.allowed)
        while len(self._members) < wanted:
            self._members.append(asyncio.ensure_future(self._work()))

    async def _work(self) -> None:
        plan, trials, brake = self._plan, self._trials, self._brake
        try:
            while brake.is_free and (trial := await trials.next()) is not None:
                turn = self._turns.current()
                self._finished(trial, await self._run(plan, trial, brake.spend))
                if plan.limit.is_adaptive and not self._is_over:
                    self._hire()
                if self._turns.current() == turn:
                    # Tasks that never wait would keep the loop from timers, other workers and Ctrl-C.
                    await asyncio.sleep(0)
        except BaseException:
            self._is_over = True
            trials.stop()
            raise
        self._is_over = True
