"""The tally: what an eval keeps in memory of the cases that have finished."""

from typing import Final

from spanscore.evals._result import EvalFailure, EvalResult

_FAILURES_KEPT: Final = 100


class Tally:
    """Finished results in the order of the data; without `keep_results` counts and the first failures."""

    def __init__(self, *, keep_results: bool) -> None:
        self._keep_results = keep_results
        self._results: dict[int, tuple[str, EvalResult]] = {}
        self._failures: list[tuple[int, EvalFailure]] = []
        self.finished = 0
        self.skipped = 0
        self.notes: tuple[str, ...] = ()
        self.error_count = 0

    def add(self, number: int, case_key: str, result: EvalResult) -> None:
        """Take the result of the trial that was started as the `number`th."""
        self.finished += 1
        if self._keep_results:
            self._results[number] = case_key, result
        if result.error is None and not result.scorer_errors and not result.classifier_errors:
            return
        for failure in failures_of(result):
            self.error_count += 1
            if self._keep_results or len(self._failures) < _FAILURES_KEPT:
                self._failures.append((number, failure))

    @property
    def results(self) -> tuple[EvalResult, ...]:
        """The results in the order of the data."""
        return tuple(result for _, result in self.keyed_results)

    @property
    def keyed_results(self) -> list[tuple[str, EvalResult]]:
        """The results with the keys of their cases, in the order of the data."""
        return [self._results[number] for number in sorted(self._results)]

    @property
    def failures(self) -> tuple[EvalFailure, ...]:
        """The failures in the order of the data."""
        return tuple(failure for _, failure in sorted(self._failures, key=lambda item: item[0]))


def failures_of(result: EvalResult) -> list[EvalFailure]:
    """What failed in one trial: the task, or scorers and classifiers."""
    failed = [*result.scorer_errors.items(), *result.classifier_errors.items()]
    if result.error is not None:
        failed.insert(0, ("task", result.error))
    return [
        EvalFailure(
            where=where,
            error=error,
            input=result.input,
            trial_index=result.trial_index,
            trace_id=result.trace_id,
        )
        for where, error in failed
    ]
