"""Workers on a Ray cluster."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, Protocol

from spanscore.errors import EvalError, RemoteCaseError
from spanscore.evals._result import EvalResult
from spanscore.evals._trials import Trial
from spanscore.evals.distributed._job import Job
from spanscore.evals.distributed._outcome import Outcome
from spanscore.evals.distributed._packing import UNSENDABLE, packed_job
from spanscore.evals.distributed._worker import CaseWorker
from spanscore.wire.http_attempts import HTTP_ATTEMPTS
from spanscore.wire.records import Record

_MOST_DEATHS: Final = 3
"""A case that so many workers have died of is not tried again."""

_AT_ONCE: Final = 1_000
_INSTALL: Final = "pip install 'spanscore[ray]', here and on the cluster"


class Actor(Protocol):
    """A process on the cluster with a CaseWorker in it."""

    run: Any


class RayWorkers:
    """Runs trials on the cluster that Ray is connected to, one actor a CPU, and takes their spans in.

    A worker that dies is replaced, and its cases run again elsewhere. `put` takes each record that comes
    back. Raises ConfigError, which names what of the eval cannot be sent to them.
    """

    def __init__(self, job: Job, count: int | None, put: Callable[[Record], object]) -> None:
        self._ray = _connected()
        self._put = put
        self._job = packed_job(job)
        self._actor_class = self._ray.remote(num_cpus=1, max_concurrency=_AT_ONCE)(_RayWorker)
        wanted = count or int(self._ray.cluster_resources().get("CPU", 1))
        self._actors: dict[Actor, int] = {self._begun(): 0 for _ in range(max(1, wanted))}

    async def run(self, trial: Trial) -> EvalResult:
        """The result of a trial, whose spans are safe when it returns.

        Raises RemoteCaseError when several workers have died of it.
        """
        for _ in range(_MOST_DEATHS):
            actor = min(self._actors, key=lambda each: self._actors[each])
            self._actors[actor] += 1
            try:
                packed = await self._sent(actor, trial)
            except self._ray.exceptions.RayActorError:
                self._replace(actor)
                continue
            finally:
                if actor in self._actors:
                    self._actors[actor] -= 1
            return self._taken(self._ray.cloudpickle.loads(packed))
        raise RemoteCaseError(
            f"{_MOST_DEATHS} workers have died, one after the other, while they ran this case"
        )

    def _sent(self, actor: Actor, trial: Trial) -> Any:
        try:
            return actor.run.remote(trial)
        except UNSENDABLE as error:
            raise RemoteCaseError(f"the case cannot be sent to a worker: {error}") from error

    def close(self) -> None:
        """End the workers."""
        for actor in self._actors:
            self._ray.kill(actor)
        self._actors.clear()

    def _taken(self, outcome: Outcome) -> EvalResult:
        for record in outcome.bundle.records():
            self._put(record)
        for attempt in outcome.attempts:
            HTTP_ATTEMPTS.publish(attempt)
        return outcome.result

    def _begun(self) -> Actor:
        return self._actor_class.remote(self._job)

    def _replace(self, actor: Actor) -> None:
        # Each of its cases finds out by itself; the first puts another in its place.
        if self._actors.pop(actor, None) is not None:
            self._actors[self._begun()] = 0


class _RayWorker:
    """What runs in the actor."""

    def __init__(self, job: bytes) -> None:
        pickle = import_module("ray.cloudpickle")
        self._dumps: Callable[[Any], bytes] = pickle.dumps
        self._worker = CaseWorker(pickle.loads(job), pickle.dumps, pickle.loads)

    async def run(self, trial: Trial) -> bytes:
        return self._dumps(await self._worker.run(trial))


def _connected() -> Any:
    """Ray, connected to a cluster. Raises EvalError without one."""
    try:
        ray: Any = import_module("ray")
    except ImportError:
        raise EvalError(f'executor="ray" needs Ray; {_INSTALL}') from None
    if not ray.is_initialized():
        try:
            ray.init(address="auto", log_to_driver=False)
        except ConnectionError as error:
            raise EvalError(
                f'executor="ray" finds no Ray cluster ({error}); call ray.init() before, or set RAY_ADDRESS'
            ) from error
    return ray
