"""What is kept of an experiment, what runs again and what is scored again."""

import sys

import pytest

from spanscore.evals._resume import Again, Earlier, Finished
from spanscore.evals._stored import StoredTrial
from spanscore.wire.trials import Fingerprints, FinishedTrial

pytestmark = pytest.mark.core

NOW = Fingerprints(task="t1", scorers={"exact": "e1", "judge": "j1"})
KEY = "0123456789abcdef" * 2


async def never(trace_id: str) -> StoredTrial:
    raise AssertionError(trace_id)


def finished_trial(trial: int | None = 0, *, key: str = KEY, **more: object) -> FinishedTrial:
    given: dict[str, object] = {
        "case_key": key,
        "trial": trial,
        "attempt": 1,
        "is_error": False,
        "is_scorer_error": False,
        "lowest_score": 1.0,
        "fingerprints": NOW,
        "trace_id": f"{(trial or 0) + 1:032x}",
    }
    return FinishedTrial(**{**given, **more})  # pyright: ignore[reportArgumentType]


def finished(*trials: FinishedTrial, retry_errors: bool = False) -> Finished:
    return Finished(NOW, never, retry_errors=retry_errors).read(trials)


def other(task: str | None = "t1", **scorers: str) -> Fingerprints:
    return Fingerprints(task=task, scorers=scorers)


def test_a_trial_is_told_by_input_and_index() -> None:
    found = finished(finished_trial(0), finished_trial(3, attempt=2), finished_trial(None))
    assert len(found) == 2
    assert found.earlier(KEY, 0) == Earlier(Again.KEEP, 1, f"{1:032x}")
    assert found.earlier(KEY, 3) == Earlier(Again.KEEP, 2, f"{4:032x}")
    assert found.earlier(KEY, 1) is None
    assert found.earlier("f" * 32, 0) is None


@pytest.mark.parametrize(
    ("trial", "plain", "retrying"),
    [
        (finished_trial(), Again.KEEP, Again.KEEP),
        (finished_trial(is_error=True), Again.KEEP, Again.RUN),
        (finished_trial(is_scorer_error=True), Again.KEEP, Again.SCORE),
        (finished_trial(fingerprints=other("t0", exact="e1", judge="j1")), Again.RUN, Again.RUN),
        (finished_trial(fingerprints=other(exact="e0", judge="j1")), Again.SCORE, Again.SCORE),
        (finished_trial(fingerprints=other(exact="e1")), Again.SCORE, Again.SCORE),
        (finished_trial(fingerprints=other(exact="e0"), is_error=True), Again.KEEP, Again.RUN),
        (finished_trial(fingerprints=other(exact="e1", judge="j1", gone="g")), Again.KEEP, Again.KEEP),
        (finished_trial(fingerprints=Fingerprints()), Again.KEEP, Again.KEEP),
    ],
    ids=[
        "same",
        "the task failed",
        "a scorer failed",
        "the task has changed",
        "a scorer has changed",
        "a scorer is new",
        "a scorer has changed, and the task failed",
        "a scorer is gone",
        "nobody knows",
    ],
)
def test_what_becomes_of_a_finished_trial(trial: FinishedTrial, plain: Again, retrying: Again) -> None:
    for retry_errors, expected in ((False, plain), (True, retrying)):
        earlier = finished(trial, retry_errors=retry_errors).earlier(KEY, 0)
        assert earlier is not None
        assert earlier.again is expected


def test_two_that_claim_to_be_one_trial_count_once() -> None:
    found = finished(finished_trial(), finished_trial(trace_id="e" * 32))
    assert len(found) == sum(found.counts.values()) == 1


def test_it_says_what_it_does() -> None:
    assert str(finished(finished_trial())) == "finished trials: 1; kept as they are: 1"
    found = finished(
        finished_trial(0),
        finished_trial(1, is_error=True),
        finished_trial(2, fingerprints=other("t0")),
        finished_trial(3, fingerprints=other(judge="j0", exact="e1")),
        retry_errors=True,
    )
    assert str(found) == (
        "finished trials: 4; kept as they are: 1; run again since the task has changed: 1; "
        "run again since the task failed: 1; "
        "their stored outputs scored again since judge is new or has changed: 1"
    )


def test_it_says_what_the_data_no_longer_has() -> None:
    found = finished(*map(finished_trial, range(3)))
    assert found.notes()[0].startswith(
        "3 finished trials are of inputs that the data no longer has; they still"
    )
    found.earlier(KEY, 0)
    found.earlier(KEY, 2)
    assert found.notes() == (
        "1 finished trial is of inputs that the data no longer has; they still count in these figures",
    )
    found.earlier(KEY, 1)
    assert found.notes() == ()


def test_many_take_little_memory() -> None:
    found = finished(*(finished_trial(number) for number in range(20_000)))
    held = (found._again, found._attempts, found._traces, found._places._keys, found._places._values)
    assert sum(map(sys.getsizeof, held)) / 20_000 < 60
    assert found.earlier(KEY, 19_999) == Earlier(Again.KEEP, 1, f"{20_000:032x}")
