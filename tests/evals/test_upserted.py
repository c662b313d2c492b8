"""Cases with ids of the program's: a later run replaces what an earlier one has written."""

from typing import Any

import pytest

from spanscore.evals._case import EvalCase
from spanscore.evals._eval_spans import EvalSpans
from spanscore.evals._upserted import numbered, upserted
from spanscore.wire.attributes import CONTEXT_JSON
from spanscore.wire.row_ids import row_id_in

pytestmark = pytest.mark.core


async def echo(input: Any) -> Any:
    return input


async def exact(output: Any) -> bool:
    return True


def ids(spans: list[Any]) -> set[tuple[str, int, int]]:
    """Those that were made of something; others count from 1 in these tests."""
    return {
        (span.name, span.context.trace_id, span.context.span_id)
        for span in spans
        if span.context.trace_id > 1000
    }


async def test_a_second_run_has_the_ids_of_the_first(ran: Any) -> None:
    data = [{"input": 1, "upsert_id": "a"}, {"input": 2, "upsert_id": "b"}, {"input": 3}]
    named = {"experiment_name": "e", "update": True, "trial_count": 2}
    first, written = await ran(data, echo, [exact], **named)
    second, again = await ran(data, echo, [exact], **named)
    assert first.experiment.id == second.experiment.id
    assert ids(written) == ids(again)
    assert sorted(name for name, *_ in ids(again)) == ["eval"] * 4 + ["exact"] * 4 + ["task"] * 4
    rows = [row_id_in(span.attributes[CONTEXT_JSON]) for span in written if span.name == "eval"]
    assert [row for row in rows if row and len(row) == 1] == ["a", "b"]
    assert rows.count(None) == 2


async def test_other_experiments_have_traces_of_their_own(ran: Any) -> None:
    data = [{"input": 1, "upsert_id": "a"}]
    _, one = await ran(data, echo, [exact])
    _, other = await ran(data, echo, [exact])
    assert {span.context.span_id for span in one} == {span.context.span_id for span in other}
    assert {span.context.trace_id for span in one}.isdisjoint({span.context.trace_id for span in other})


def test_trials_have_the_ids_that_the_official_sdk_makes() -> None:
    case = EvalCase(input=1, upsert_id="a")
    assert numbered(case, 0) is case
    assert numbered(case, 1).upsert_id == "04ec12df-f062-580a-970b-3443b6a8cd71"
    assert numbered(EvalCase(input=1), 1).upsert_id is None


def test_without_an_id_spans_are_as_they_were() -> None:
    spans = EvalSpans.of("e1")
    assert upserted(spans, None) is spans
    assert upserted(spans, "") is spans


def test_what_nobody_records_stays_so() -> None:
    silent = EvalSpans.silent()
    assert upserted(silent, "a") is silent
