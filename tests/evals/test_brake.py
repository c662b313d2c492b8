import threading

import pytest

from spanscore.evals import EvalOptions
from spanscore.evals._brake import Brake

pytestmark = pytest.mark.core


def options(**given: float | threading.Event) -> EvalOptions:
    return EvalOptions(project="p", data=[], task=len, scores=[], **given)  # type: ignore[arg-type]


def test_without_a_budget_it_is_never_pulled() -> None:
    brake = Brake(options())
    assert brake.spend({"tokens": 10**9, "estimated_cost": 1e6})
    assert (brake.reason, brake.counts_metrics) == (None, False)


def test_it_is_pulled_when_the_budget_is_reached_and_keeps_the_first_reason() -> None:
    brake = Brake(options(max_tokens=100, max_cost=0.5))
    assert brake.counts_metrics
    assert brake.spend({"tokens": 99, "estimated_cost": 0.0})
    assert not brake.spend({"tokens": 1})
    assert not brake.spend({"estimated_cost": 1.0})
    assert brake.reason == "max_tokens=100 are used up"
    brake.pull("something else")
    assert brake.reason == "max_tokens=100 are used up"


def test_seconds_count_from_its_making() -> None:
    clock = [50.0]
    brake = Brake(options(max_seconds=10), now=lambda: clock[0])
    clock[0] = 59.9
    assert brake.is_free
    clock[0] = 60.0
    assert not brake.is_free
    assert brake.reason == "max_seconds=10 have passed"


def test_it_is_pulled_as_soon_as_the_cancel_event_is_set() -> None:
    event = threading.Event()
    brake = Brake(options(cancel_event=event, max_tokens=1))
    assert brake.spend({})
    event.set()
    assert not brake.spend({})
    assert not brake.spend({"tokens": 5})
    assert brake.reason == "the run was cancelled by its cancel_event"


def test_a_cost_that_nobody_tells_is_a_budget_used_up() -> None:
    brake = Brake(options(max_cost=0.5))
    assert brake.spend({"duration": 1.0})
    assert not brake.spend({"tokens": 10})
    assert brake.reason == (
        "max_cost=0.5 cannot be watched, since no call of a model tells its cost; "
        "switch it on by setup(estimate_cost=True)"
    )


def test_a_call_without_cost_among_others_with_one_is_passed_over() -> None:
    brake = Brake(options(max_cost=0.5))
    assert brake.spend({"tokens": 10, "estimated_cost": 0.0})
    assert brake.spend({"tokens": 10})
    assert brake.reason is None
