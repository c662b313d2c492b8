"""What an eval takes from an earlier experiment: what is finished there, and which inputs fail there."""

import functools
import logging
from dataclasses import dataclass, replace
from typing import Any

from spanscore._json import to_json
from spanscore.errors import ConfigError, EvalError, NotFoundError, RunNotFoundError
from spanscore.evals._case import EvalCase
from spanscore.evals._case_path import key_by
from spanscore.evals._chosen import Chosen
from spanscore.evals._fingerprint import fingerprint
from spanscore.evals._judge import Panel
from spanscore.evals._misses import Misses
from spanscore.evals._options import EvalOptions
from spanscore.evals._rescore import StoredTrials
from spanscore.evals._resume import Finished
from spanscore.evals._session import active_session
from spanscore.evals._source import Source
from spanscore.evals._stored import StoredTrial, stored_trial
from spanscore.evals._subset import FailingInputs, compiled
from spanscore.evals._trials import Cases, Trials, TrialSource
from spanscore.evals._worker import Workers
from spanscore.wire.seams import EvalBackend, ExperimentRef
from spanscore.wire.trials import Fingerprints

_logger = logging.getLogger("spanscore")


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The earlier experiment that an eval goes on with, tries again the failing inputs of, or scores again.

    `options` are the eval's, and name the experiment that it goes on with. `now` is what trials are run with
    from here on. At most one of `finished` and `rescored` is there.
    """

    options: EvalOptions
    now: Fingerprints
    finished: Finished | None = None
    failing: FailingInputs | None = None
    rescored: StoredTrials | None = None

    @property
    def completes(self) -> bool:
        """True if an experiment has all cases of the data when this run has ended."""
        return self.finished is not None and not self.options.subset

    def notes(self, stopped: str | None) -> tuple[str, ...]:
        """What is to be said of the figures when the run has ended, for the reason `stopped` if not whole."""
        return self.finished.notes() if self.completes and self.finished and stopped is None else ()

    async def begin(self, source: Source, max_bytes: int) -> TrialSource:
        """The trials to be run, of the chosen cases of `source`; JSON of inputs has at most `max_bytes`.

        Raises NoCasesError if a part of the cases is asked for and there is none in it; with data that needs
        the experiment, only the first `next()` does.
        """
        if self.rescored is not None:
            return self.rescored
        options, cases = self.options, self._cases(source, max_bytes)
        if isinstance(cases, Chosen) and not source.needs_experiment:
            await cases.begin()
        key_of = key_by(options.comparison_key)
        return Trials(cases, options.trial_count, max_bytes, key_of=key_of, finished=self.finished)

    def _cases(self, source: Cases, max_bytes: int) -> Cases:
        subset, failing, key_of = self.options.subset, self.failing, key_by(self.options.comparison_key)
        if not subset:
            return source

        def is_failing(case: EvalCase) -> bool:
            return key_of(case, to_json(case.input, max_bytes=max_bytes)) in (failing or ())

        def why() -> str:
            if failing is not None and not len(failing):
                return f"{subset.flags} chooses no case; no input fails in {subset.failing}"
            failed = "" if failing is None else f"inputs that fail in {subset.failing}: {len(failing):,}; "
            return f"{subset.flags} chooses no case; {failed}{misses.text}"

        misses = Misses(compiled(subset.filters))
        return Chosen(subset.of(source, None if failing is None else is_failing, misses), why)


async def read_past(
    options: EvalOptions, now: Fingerprints, backend: EvalBackend | None, workers: Workers
) -> Past:
    """The past of an eval with these options. Raises RunNotFoundError for an experiment that there is not."""
    earlier = options.resume or options.rescores or options.subset.failing
    if earlier is None:
        return Past(options=options, now=now)
    if backend is None:
        raise ConfigError(
            f"with no_send_logs there is no store to find {earlier!r} in; leave one of them out"
        )
    ref = await workers.run(functools.partial(_found, backend, earlier, options.project))
    failing = None
    if (of := options.subset.failing) is not None:
        failing = await workers.run(lambda: _failing(backend, of, options.project))
    if options.resume is None and options.rescores is None:
        return Past(options=options, now=now, failing=failing)

    async def load(trace_id: str) -> StoredTrial:
        return await workers.run(lambda: stored_trial(backend.trace(trace_id)))

    if options.rescores is not None:
        rescored = await workers.run(
            lambda: StoredTrials(backend.finished_trials(ref.id), load, experiment_id=ref.id)
        )
        return Past(options=options, now=now, rescored=rescored)
    _check_that_no_other_has(ref)
    finished = Finished(now, load, retry_errors=options.retry_errors)
    await workers.run(lambda: finished.read(backend.finished_trials(ref.id)))
    # Seen without any set-up of logging: else a run that is resumed looks like one that is run again.
    _logger.warning("%s/%s: %s", ref.project, ref.name, finished)
    going_on = replace(options, experiment_name=ref.name, update=True)
    return Past(options=going_on, now=now, finished=finished, failing=failing)


def fingerprints_of(options: EvalOptions, panel: Panel, parameters: Any) -> Fingerprints:
    """What the trials of an eval are run with; its parameters are part of the task."""
    task = fingerprint(options.task) if options.rescores is None else None
    if parameters and task is not None:
        task = fingerprint(functools.partial(options.task, to_json(parameters)))
    names = ((judge.name if judge.kind == "score" else judge.key, judge) for judge in panel.judges)
    return Fingerprints(
        task=task, scorers={name: fingerprint(judge.prepared.function) for name, judge in names}
    )


def no_task(_input: Any) -> Any:
    """The task of an eval that scores stored outputs."""
    raise EvalError("a stored trial has no task to run")


def _check_that_no_other_has(experiment: ExperimentRef) -> None:
    """Raise ConfigError if another eval of the session has gone on with the experiment: it has one data."""
    session = active_session()
    if session is not None and any(result.experiment.id == experiment.id for result in session.results):
        raise ConfigError(
            f"another eval of this run has gone on with {experiment.project}/{experiment.name} already; "
            "resume with a file that has one Eval of the project"
        )


def _found(backend: EvalBackend, reference: str, project: str) -> ExperimentRef:
    try:
        return backend.find_experiment(reference, project=project)
    except NotFoundError as error:
        raise RunNotFoundError(str(error)) from None


def _failing(backend: EvalBackend, reference: str, project: str) -> FailingInputs:
    experiment = backend.find_experiment(reference, project=project)
    return FailingInputs(backend.finished_trials(experiment.id))
