"""Subsets: which cases are run, in the order of the data."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.errors import ConfigError
from spanscore.evals._source import Source
from spanscore.evals._subset import FailingInputs, Subset
from spanscore.evals._trials import Cases
from spanscore.wire.trials import Fingerprints, FinishedTrial

pytestmark = pytest.mark.core


async def inputs_of(cases: Cases) -> list[Any]:
    found: list[Any] = []
    while (case := await cases.next()) is not None:
        found.append(case.input)
    return found


def numbered(count: int) -> list[dict[str, Any]]:
    return [{"input": number} for number in range(count)]


async def test_the_first_cases_and_no_more_are_read() -> None:
    read: list[int] = []

    def endless() -> Iterator[Mapping[str, Any]]:
        while True:
            read.append(len(read))
            yield {"input": len(read)}

    chosen = Subset(first=3).of(Source(endless()))
    assert chosen.total is None
    assert await inputs_of(chosen) == [1, 2, 3]
    assert len(read) == 3
    assert Subset(first=3).of(Source(numbered(9))).total == 3
    assert Subset(first=30).of(Source(numbered(9))).total == 9


async def test_a_sample_depends_on_the_seed_alone_and_keeps_the_order() -> None:
    async def stream() -> AsyncIterator[Mapping[str, Any]]:
        for case in numbered(1000):
            await asyncio.sleep(0)
            yield case

    sample = await inputs_of(Subset(sample=5, seed=7).of(Source(numbered(1000))))
    assert sample == sorted(sample)
    assert len(set(sample)) == 5
    assert await inputs_of(Subset(sample=5, seed=7).of(Source(iter(numbered(1000))))) == sample
    assert await inputs_of(Subset(sample=5, seed=7).of(Source(stream()))) == sample
    assert await inputs_of(Subset(sample=5, seed=8).of(Source(numbered(1000)))) != sample
    assert await inputs_of(Subset(sample=5).of(Source(numbered(3)))) == [0, 1, 2]


async def test_a_sample_is_the_same_in_every_version() -> None:
    assert await inputs_of(Subset(sample=3, seed=1).of(Source(numbered(20)))) == [2, 11, 16]


async def test_those_who_ask_at_once_wait_for_the_sample() -> None:
    async def stream() -> AsyncIterator[Mapping[str, Any]]:
        for case in numbered(10):
            await asyncio.sleep(0)
            yield case

    chosen = Subset(sample=4).of(Source(stream()))
    asked = [asyncio.ensure_future(chosen.next()) for _ in range(5)]
    given = [await each for each in asked]
    assert [each is None for each in given] == [False] * 4 + [True]


@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 3))
async def test_every_case_has_its_chance_and_none_is_taken_twice(count: int, size: int, seed: int) -> None:
    found = await inputs_of(Subset(sample=size, seed=seed).of(Source(numbered(count))))
    assert len(found) == len(set(found)) == min(count, size)


async def test_a_sample_is_fair() -> None:
    taken = [0] * 10
    for seed in range(2000):
        for number in await inputs_of(Subset(sample=3, seed=seed).of(Source(numbered(10)))):
            taken[number] += 1
    assert min(taken) > 500
    assert max(taken) < 700


CASES: list[dict[str, Any]] = [
    {"input": {"text": "refund", "lines": [1, 2]}, "metadata": {"topic": "faq"}, "tags": ["smoke"]},
    {"input": {"text": "a refund"}, "metadata": {"topic": "fax", "level": 12}},
    {"input": "plain", "expected": None, "metadata": {"topic": None}},
]


@pytest.mark.parametrize(
    ("filters", "chosen"),
    [
        ([("metadata.topic", "fa")], [0, 1]),
        ([("metadata.topic", "faq$")], [0]),
        ([("metadata.topic", "")], [0, 1]),
        ([("metadata.level", "1")], [1]),
        ([("input.text", "refund")], [0]),
        ([("input.text", ".*refund")], [0, 1]),
        ([("input.lines.1", "2")], [0]),
        ([("input", "pl")], [2]),
        ([("tags", r'\["smoke')], [0]),
        ([("metadata.topic", "fa"), ("input.text", "a ")], [1]),
        ([("expected", "null")], []),
    ],
)
async def test_filters_match_from_the_beginning_of_what_is_there(
    filters: list[tuple[str, str]], chosen: list[int]
) -> None:
    subset = Subset(filters=tuple(filters))
    found = await inputs_of(subset.of(Source(CASES)))
    assert found == [CASES[number]["input"] for number in chosen]


def trial(key: str, score: float | None, **more: Any) -> FinishedTrial:
    given: dict[str, Any] = {"is_error": False, "is_scorer_error": False, **more}
    return FinishedTrial(
        case_key=key * 32,
        trial=0,
        attempt=1,
        lowest_score=score,
        fingerprints=Fingerprints(),
        trace_id="0" * 32,
        **given,
    )


def test_inputs_fail_by_an_error_or_a_low_score() -> None:
    trials = [
        trial("1", 0.0),
        trial("2", 0.49),
        trial("3", 0.5),
        trial("4", None),
        trial("5", None, is_error=True),
        trial("6", 1.0, is_scorer_error=True),
        trial("3", 1.0),
        trial("4", 0.1),
    ]
    failing = FailingInputs(trials)
    assert [key for key in "123456789" if key * 32 in failing] == ["1", "2", "4", "5", "6"]
    assert len(failing) == 5


async def test_they_are_chosen_one_after_the_other() -> None:
    subset = Subset(filters=(("input", "[0-9]$"),), failing="p/e", sample=4, first=2)
    found = await inputs_of(subset.of(Source(numbered(50)), lambda case: case.input % 2 == 1))
    assert len(found) == 2
    assert set(found) <= {1, 3, 5, 7, 9}
    assert subset.text == (
        "those with input=[0-9]$, those that fail in p/e, a sample of 4 (seed 0), the first 2"
    )


async def test_a_stop_ends_each_of_them() -> None:
    for subset in (Subset(first=3), Subset(sample=3), Subset(filters=(("input", ""),))):
        chosen = subset.of(Source(numbered(9)))
        await chosen.next()
        chosen.stop()
        assert await chosen.next() is None


def test_nothing_asked_for_is_everything() -> None:
    source = Source(numbered(1))
    assert not Subset()
    assert Subset().text is None
    assert Subset().of(source) is source


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"first": 0}, "--first is 0; give a whole number from 1"),
        ({"sample": -1}, "--sample is -1; give a whole number from 1"),
        (
            {"filters": (("topic", "x"),)},
            "--filter topic=x: a case has no 'topic'; begin the path with one of",
        ),
        ({"filters": (("input", "("),)}, "--filter input=(: missing ), unterminated subpattern"),
    ],
)
def test_what_cannot_be_used_is_said(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as error:
        Subset(**asked)
    assert str(error.value).startswith(message)
