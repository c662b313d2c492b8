"""Tail sampling: what is kept, when that is known, and what is kept because it never is."""

from typing import Any

import pytest
from opentelemetry.trace import SpanContext

from finished_spans import failed, finished
from spanscore.delivery._tail import WAIT_S, TailBuffer, TailSampling, is_local_root
from spanscore.errors import ConfigError

pytestmark = pytest.mark.core
KEEP = TailSampling(rate=1.0)
DROP = TailSampling(errors=False)
DECISIVE = 1 << 55
"""A trace id in the middle of what a rate divides."""


def decided(rule: TailSampling, *spans: Any) -> list[tuple[bool, list[int]] | None]:
    buffer = TailBuffer[int](rule)
    return [buffer.decide(span, place, 0.0) for place, span in enumerate(spans)]


def child(**about: Any) -> Any:
    values: dict[str, Any] = {"trace_id": DECISIVE, **about}
    return finished(span_id=2, above=1, **values)


def root(**about: Any) -> Any:
    values: dict[str, Any] = {"trace_id": DECISIVE, **about}
    return finished(**values)


RULES: dict[str, tuple[TailSampling, Any, bool]] = {
    "errors": (TailSampling(), root(status=failed()), True),
    "errors of children": (TailSampling(), child(status=failed()), True),
    "no error": (TailSampling(), root(), False),
    "errors not asked for": (DROP, root(status=failed()), False),
    "slow root": (TailSampling(slower_than_s=2), root(end_s=2.1), True),
    "fast root": (TailSampling(slower_than_s=2), root(end_s=1.9), False),
    "slow child": (TailSampling(slower_than_s=2), child(end_s=2.1), False),
    "all": (TailSampling(rate=1.0), root(trace_id=(1 << 128) - 1), True),
    "none": (TailSampling(rate=0.0), root(trace_id=1 << 56), False),
    "rate above": (TailSampling(rate=0.51), root(), True),
    "rate below": (TailSampling(rate=0.49), root(), False),
    "rate asks for 56 random bits": (TailSampling(rate=0.51), root(trace_id=DECISIVE | 1 << 57), True),
}


@pytest.mark.parametrize(("rule", "span", "expected"), RULES.values(), ids=RULES)
def test_rule(rule: TailSampling, span: Any, expected: bool) -> None:
    assert rule.keeps(span) is expected


NUMBER = "give a number of seconds, 0 or more, or None"
PART = "give a part of all traces, a number between 0 and 1"
BAD_ARGUMENTS: list[tuple[str, Any, str]] = [
    *(("errors", value, "give True or False") for value in (None, 1, "yes")),
    *(("slower_than_s", value, NUMBER) for value in (-0.1, float("nan"), "2", True)),
    *(("rate", value, PART) for value in (-0.1, 1.1, float("nan"), "0.1", None, True)),
]


@pytest.mark.parametrize(("name", "value", "remedy"), BAD_ARGUMENTS)
def test_bad_argument_is_named_with_its_remedy(name: str, value: Any, remedy: str) -> None:
    with pytest.raises(ConfigError) as caught:
        TailSampling(**{name: value})
    assert str(caught.value) == f"{name} is {value!r}; {remedy}"


def test_ends_of_what_is_accepted() -> None:
    assert TailSampling(errors=False, slower_than_s=0, rate=1).keeps(root())


def test_root_decides_about_what_came_before_and_what_comes_after() -> None:
    assert decided(TailSampling(slower_than_s=0.5), child(), child(), root(), child()) == [
        None,
        None,
        (True, [0, 1, 2]),
        (True, [3]),
    ]
    assert decided(TailSampling(), child(), root(), child(status=failed())) == [
        None,
        (False, [0, 1]),
        (False, [2]),
    ]


def test_error_decides_at_once() -> None:
    assert decided(TailSampling(), child(), child(status=failed()), child(), root()) == [
        None,
        (True, [0, 1]),
        (True, [2]),
        (True, [3]),
    ]


def test_root_of_a_process_is_the_span_whose_parent_is_elsewhere() -> None:
    remote = finished(above=7)
    remote._parent = SpanContext(1, 7, is_remote=True)  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
    assert (is_local_root(remote), is_local_root(child()), is_local_root(root())) == (True, False, True)


def test_traces_do_not_decide_for_each_other() -> None:
    assert decided(DROP, child(trace_id=5), root(trace_id=6), root(trace_id=5)) == [
        None,
        (False, [1]),
        (False, [0, 2]),
    ]


def test_after_a_minute_what_is_undecided_is_kept() -> None:
    buffer = TailBuffer[str](DROP)
    buffer.decide(child(trace_id=5), "first", 0.0)
    buffer.decide(child(trace_id=6), "other", 30.0)
    buffer.decide(child(trace_id=5), "second", 59.0)
    assert buffer.overdue(WAIT_S - 1) == []
    assert buffer.overdue(WAIT_S) == ["first", "second"]
    assert buffer.decide(child(trace_id=5), "late", 61.0) == (True, ["late"])
    assert buffer.decide(root(trace_id=5), "root", 61.0) == (True, ["root"])
    assert buffer.overdue(WAIT_S + 30) == ["other"]
    assert buffer.overdue(1e9) == []


def test_at_the_end_all_is_kept() -> None:
    buffer = TailBuffer[int](DROP)
    for place, trace_id in enumerate((5, 6, 5)):
        buffer.decide(child(trace_id=trace_id), place, 0.0)
    assert sorted(buffer.everything()) == [0, 1, 2]
    assert buffer.everything() == []


def test_decisions_are_not_remembered_without_end() -> None:
    buffer = TailBuffer[int](KEEP)
    for trace_id in range(1, 12_001):
        buffer.decide(root(trace_id=trace_id), 0, 0.0)
    assert len(buffer._decisions) == 10_000  # pyright: ignore[reportPrivateUsage]
