"""The spans of an eval, whole."""

import json
from typing import Any

import pytest
from opentelemetry import baggage, trace
from opentelemetry import context as otel_context
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased

from spanscore.evals import EvalHooks, EvalOptions, SilentDisplay, run_eval
from spanscore.evals._fingerprint import fingerprint
from spanscore.scoring import Score
from spanscore.store import SqliteStore
from spanscore.testing import recorded_spans
from spanscore.tracing import start_span
from spanscore.wire import attributes as keys

pytestmark = pytest.mark.core


def described(span: ReadableSpan) -> dict[str, Any]:
    """A span as plain values; the experiment's id is left out, the origin too."""
    attributes = dict(span.attributes or {})
    parent = str(attributes.pop(keys.PARENT))
    assert parent.startswith("experiment_id:")
    origin = json.loads(str(attributes.pop(keys.CONTEXT_JSON)))
    assert origin["span_origin"]["instrumentation"] == {"name": "spanscore.eval"}
    assert span.context is not None
    found: dict[str, Any] = {
        "name": span.name,
        "trace": span.context.trace_id,
        "id": span.context.span_id,
        "above": span.parent.span_id if span.parent else None,
        **{key.removeprefix("braintrust."): value for key, value in attributes.items()},
    }
    if span.events:
        found["events"] = [(event.name, event_values(dict(event.attributes or {}))) for event in span.events]
    if span.status.description:
        found["status"] = (span.status.status_code.name, span.status.description)
    return found


def event_values(attributes: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in attributes.items() if key != "exception.stacktrace"}


async def add(value: int, hooks: EvalHooks) -> int:
    hooks.metadata["carry"] = value >= 10
    hooks.tags.append("seen")
    if value == 13:
        raise ValueError("unlucky")
    return value + 1


async def exact(output: int, expected: int) -> bool:
    return output == expected


async def several(output: int) -> list[Score]:
    return [Score("low", 0.25, {"rationale": "too low"}), Score("skipped", None)]


async def broken(output: int) -> float:
    raise KeyError("broken")


async def test_the_spans_of_a_case_that_goes_well(ran: Any) -> None:
    data = [{"input": {"b": 1, "a": 2}, "expected": 3, "metadata": {"source": "faq"}, "tags": ["t"]}]
    origin = {"object_type": "dataset", "object_id": "d", "id": "r", "_xact_id": "1", "created": "2020"}
    data[0]["origin"] = origin

    async def total(value: dict[str, int]) -> int:
        return sum(value.values())

    _, spans = await ran(data, total, [exact, several])
    given = {"input_json": '{"b":1,"a":2}', "expected_json": "3"}
    scored = '{"input":{"b":1,"a":2},"output":3,"expected":3,"metadata":{"source":"faq"},"tags":["t"]}'
    assert [described(span) for span in sorted(spans, key=lambda span: span.context.span_id)] == [
        {
            "name": "eval",
            "trace": 1,
            "id": 1,
            "above": None,
            "span_attributes": '{"type":"eval"}',
            **given,
            "metadata": (
                '{"source":"faq","case_key":"cf18a029e5a0c29229df0753ee807c70","trial_index":0,"attempt":1,'
                f'"fingerprints":{{"task":"{fingerprint(total)}","scorers":'
                f'{{"exact":"{fingerprint(exact)}","several":"{fingerprint(several)}"}}}}}}'
            ),
            "tags": ("t",),
            "origin": '{"object_type":"dataset","object_id":"d","id":"r","_xact_id":"1","created":"2020"}',
            "output_json": "3",
        },
        {
            "name": "task",
            "trace": 1,
            "id": 2,
            "above": 1,
            "span_attributes": '{"type":"task"}',
            **given,
            "output_json": "3",
        },
        {
            "name": "exact",
            "trace": 1,
            "id": 3,
            "above": 1,
            "span_attributes": '{"type":"score","name":"exact","purpose":"scorer"}',
            "input_json": scored,
            "scores": '{"exact":1.0}',
            "output_json": '{"score":1.0}',
            "events": [
                (
                    "gen_ai.evaluation.result",
                    {"gen_ai.evaluation.name": "exact", "gen_ai.evaluation.score.value": 1.0},
                )
            ],
        },
        {
            "name": "several",
            "trace": 1,
            "id": 4,
            "above": 1,
            "span_attributes": '{"type":"score","name":"several","purpose":"scorer"}',
            "input_json": scored,
            "scores": '{"low":0.25,"skipped":null}',
            "output_json": '{"low":{"score":0.25},"skipped":{"score":null}}',
            "metadata": '{"low":{"rationale":"too low"}}',
            "events": [
                (
                    "gen_ai.evaluation.result",
                    {
                        "gen_ai.evaluation.name": "low",
                        "gen_ai.evaluation.score.value": 0.25,
                        "gen_ai.evaluation.explanation": "too low",
                    },
                )
            ],
        },
    ]


async def test_the_spans_of_a_task_that_fails(ran: Any) -> None:
    result, spans = await ran([{"input": 13}], add, [exact])
    task, root = (described(span) for span in spans)
    assert task == {
        "name": "task",
        "trace": 1,
        "id": 2,
        "above": 1,
        "span_attributes": '{"type":"task"}',
        "input_json": "13",
        "events": [
            (
                "exception",
                {
                    "exception.type": "ValueError",
                    "exception.message": "unlucky",
                    "exception.escaped": "False",
                },
            )
        ],
        "status": ("ERROR", "ValueError: unlucky"),
    }
    metadata = json.loads(root.pop("metadata"))
    assert metadata.pop("fingerprints")["task"] == fingerprint(add)
    assert (metadata.pop("case_key") != "", metadata) == (
        True,
        {"carry": True, "trial_index": 0, "attempt": 1},
    )
    assert root == {
        "name": "eval",
        "trace": 1,
        "id": 1,
        "above": None,
        "span_attributes": '{"type":"eval"}',
        "input_json": "13",
        "tags": ("seen",),
        "status": ("ERROR", "ValueError: unlucky"),
    }
    stack = dict(spans[0].events[0].attributes or {})["exception.stacktrace"]
    assert 'raise ValueError("unlucky")' in str(stack)
    assert len(result.errors) == 1


async def test_the_spans_of_a_scorer_that_fails(ran: Any) -> None:
    _, spans = await ran([{"input": 1, "expected": 2}], add, [broken, exact])
    found = {span.name: described(span) for span in spans}
    assert found["broken"] == {
        "name": "broken",
        "trace": 1,
        "id": found["broken"]["id"],
        "above": 1,
        "span_attributes": '{"type":"score","name":"broken","purpose":"scorer"}',
        "input_json": '{"input":1,"output":2,"expected":2,"metadata":{"carry":false},"tags":["seen"]}',
        "events": [
            (
                "exception",
                {
                    "exception.type": "KeyError",
                    "exception.message": "'broken'",
                    "exception.escaped": "False",
                },
            ),
            (
                "gen_ai.evaluation.result",
                {"gen_ai.evaluation.name": "broken", "error.type": "KeyError"},
            ),
        ],
        "status": ("ERROR", "KeyError: 'broken'"),
    }
    assert "status" not in found["eval"]
    assert json.loads(found["eval"]["metadata"])["scorer_errors"] == {"broken": "KeyError: 'broken'"}
    assert found["exact"]["scores"] == '{"exact":1.0}'


@pytest.mark.parametrize("kind", ["coroutine", "thread"])
async def test_spans_of_the_users_stand_below_the_function_that_makes_them(ran: Any, kind: str) -> None:
    def sync_task(value: int) -> int:
        with start_span("inner"):
            return value

    def sync_scorer(output: int) -> float:
        with start_span("judge", type="llm"):
            return 1.0

    async def task(value: int) -> int:
        return sync_task(value)

    async def scorer(output: int) -> float:
        return sync_scorer(output)

    functions = (task, scorer) if kind == "coroutine" else (sync_task, sync_scorer)
    _, spans = await ran([{"input": 1}], functions[0], [functions[1]])
    names = {span.context.span_id: span.name for span in spans}
    above = {span.name: names.get(span.parent.span_id) if span.parent else None for span in spans}
    scorer_name = functions[1].__name__
    assert above == {"inner": "task", "task": "eval", "judge": scorer_name, scorer_name: "eval", "eval": None}
    purposes = {
        span.name: json.loads((span.attributes or {})[keys.SPAN_ATTRIBUTES]).get("purpose") for span in spans
    }
    assert purposes == {"inner": None, "task": None, "eval": None, "judge": "scorer", scorer_name: "scorer"}
    assert len({(span.attributes or {})[keys.PARENT] for span in spans}) == 1


async def test_a_case_is_a_trace_of_its_own_linked_to_the_span_above_the_eval(ran: Any) -> None:
    with recorded_spans():
        outer = start_span("outer")
    seen: list[Any] = []

    async def task(value: int) -> None:
        seen.append(baggage.get_baggage("tenant"))

    with trace.use_span(outer.span):
        token = otel_context.attach(baggage.set_baggage("tenant", "acme"))
        _, spans = await ran([{"input": 1}, {"input": 2}], task)
        otel_context.detach(token)
    roots = [span for span in spans if span.name == "eval"]
    assert [span.parent for span in roots] == [None, None]
    assert len({span.context.trace_id for span in roots}) == 2
    assert [[link.context for link in span.links] for span in roots] == [
        [outer.span.get_span_context()],
        [outer.span.get_span_context()],
    ]
    assert seen == ["acme", "acme"]


async def test_a_provider_that_samples_nothing_still_gives_every_span(tmp_path: Any) -> None:
    options = EvalOptions(
        project="p", data=[{"input": 1}], task=lambda value: value, scores=[lambda output: 1]
    )
    with recorded_spans(sampler=TraceIdRatioBased(0.0)) as recorded:
        await run_eval(
            options,
            backend=SqliteStore(tmp_path / "store.db"),
            commit=lambda: None,
            display=SilentDisplay(),
        )
    assert [span.name for span in recorded.spans] == ["task", "scorer_0", "eval"]


async def test_no_attribute_is_cut_by_the_providers_limit(tmp_path: Any) -> None:
    long = "x" * 5000
    data = [{"input": long, "expected": long, "metadata": {"m": long}}]
    options = EvalOptions(project="p", data=data, task=lambda value: value, scores=[lambda output: 1])
    with recorded_spans(limits=SpanLimits(max_span_attribute_length=1000)) as recorded:
        await run_eval(
            options,
            backend=SqliteStore(tmp_path / "store.db"),
            commit=lambda: None,
            display=SilentDisplay(),
        )
    for span in recorded.spans:
        for name, value in (span.attributes or {}).items():
            if name != keys.PARENT:
                assert json.loads(str(value)) is not None
                assert len(str(value)) <= 1000


async def test_the_scoring_arguments_say_what_was_cut_when_they_do_not_fit_together(tmp_path: Any) -> None:
    data = [{"input": "i" * 600, "expected": "e" * 600}]
    options = EvalOptions(project="p", data=data, task=lambda value: value, scores=[lambda output: 1])
    with recorded_spans(limits=SpanLimits(max_span_attribute_length=1000)) as recorded:
        await run_eval(
            options,
            backend=SqliteStore(tmp_path / "store.db"),
            commit=lambda: None,
            display=SilentDisplay(),
        )
    (scorer,) = (span for span in recorded.spans if span.name == "scorer_0")
    arguments = json.loads(str((scorer.attributes or {})[keys.INPUT_JSON]))
    assert set(arguments) == {"input", "output", "expected"}


async def test_what_a_judge_is_given_has_the_id_and_the_tags_that_the_task_left(ran: Any) -> None:
    case = {"input": 1, "id": "row 1", "tags": ["t"]}
    _, spans = await ran([case, {"input": 3}], add, [exact])
    scored = {span.attributes["braintrust.input_json"] for span in spans if span.name == "exact"}
    assert scored == {
        '{"input":1,"output":2,"expected":null,"metadata":{"carry":false},"id":"row 1","tags":["t","seen"]}',
        '{"input":3,"output":4,"expected":null,"metadata":{"carry":false},"tags":["seen"]}',
    }
