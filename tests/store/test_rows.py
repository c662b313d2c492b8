"""Rows as columns: what lists and figures need."""

from typing import Any

import pytest

from finished_spans import START_NS, failed, finished
from spanscore._json import to_json
from spanscore.store import ingest
from spanscore.store._rows import case_columns, is_case, label_columns, row_columns, score_columns
from spanscore.wire.rows import Row

pytestmark = pytest.mark.core

CASE_ID = (1).to_bytes(16, "big") + (7).to_bytes(8, "big")


def row(
    kind: str, *, purpose: str | None = None, above: int | None = 7, is_failed: bool = False, **fields: Any
) -> Row:
    about = {"type": kind} if purpose is None else {"type": kind, "purpose": purpose}
    attributes = {f"braintrust.{name}": to_json(value) for name, value in fields.items()}
    span_id = 7 if above is None else 8
    status = failed() if is_failed else None
    attributes["braintrust.span_attributes"] = to_json(about)
    return ingest(finished(attributes, name="n", span_id=span_id, above=above, status=status))


@pytest.mark.parametrize(
    ("given", "tokens"),
    [
        (row("llm", metrics={"tokens": 3, "prompt_tokens": 2, "estimated_cost": 0.5}), (3, 2, None, 0.5)),
        (row("llm", metrics={"tokens": "many", "completion_tokens": True}), (None, None, 1, None)),
        (row("llm", metrics={"tokens": 10**400}), (None,) * 4),
        (row("llm", purpose="scorer", metrics={"tokens": 3}), (None,) * 4),
        (row("task", metrics={"tokens": 3}), (None,) * 4),
        (row("llm"), (None,) * 4),
    ],
)
def test_columns_of_rows(given: Row, tokens: tuple[float | None, ...]) -> None:
    """Tokens are those of model calls alone, without those of judges: a sum counts nothing twice."""
    parent_id = (7).to_bytes(8, "big")
    assert row_columns(given) == (parent_id, "n", given.type, START_NS, START_NS + 10**9, False, *tokens)


@pytest.mark.parametrize(
    ("given", "columns"),
    [
        (
            row("score", scores={"a": 0.5, "b": None, "c": True, "d": "text", "e": 10**400}),
            [
                (0, CASE_ID, "n", "a", 0.5, False),
                (1, CASE_ID, "n", "b", None, False),
                (2, CASE_ID, "n", "c", 1.0, False),
            ],
        ),
        (row("score", is_failed=True), [(0, CASE_ID, "n", None, None, True)]),
        (row("score", scores={"a": 1}, is_failed=True), [(0, CASE_ID, "n", "a", None, True)]),
        (row("eval", above=None, scores={"a": 1}), [(0, CASE_ID, None, "a", 1.0, False)]),
        (row("task", scores={"a": 1}), [(0, None, None, "a", 1.0, False)]),
        (row("score", above=None, scores={"a": 1}), [(0, None, "n", "a", 1.0, False)]),
    ],
)
def test_columns_of_scores(given: Row, columns: list[tuple[Any, ...]]) -> None:
    assert list(score_columns(given)) == columns


def test_columns_of_cases() -> None:
    given = row(
        "eval", above=None, is_failed=True, metadata={"case_key": "k", "trial_index": 2, "attempt": 3}
    )
    case_id, key, *others = case_columns(given)
    assert (case_id, len(key)) == (CASE_ID, 16)
    assert others == [2, 3, True, START_NS, START_NS + 10**9, None]


@pytest.mark.parametrize(
    "metadata", [{}, {"trial_index": "x", "attempt": True}, {"trial_index": 10**30, "attempt": None}]
)
def test_cases_of_other_programs(metadata: dict[str, Any]) -> None:
    assert case_columns(row("eval", above=None, metadata=metadata))[2:4] == (None, 1)


def test_case_keys() -> None:
    """Of the given key, else of the input however it is written."""
    inputs = ({"a": 1, "b": [2]}, {"b": [2], "a": 1}, {"a": 1}, None)
    keys = [case_columns(row("eval", above=None, input_json=value))[1] for value in inputs]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    given = [row("eval", above=None, input_json=value, metadata={"case_key": "k"}) for value in inputs]
    assert len({case_columns(each)[1] for each in given}) == 1


def test_which_rows_are_cases() -> None:
    rows = (row("eval", above=None), row("eval"), row("task", above=None))
    assert [is_case(each) for each in rows] == [True, False, False]


def test_what_cases_have_in_common_is_hashed() -> None:
    given = [
        {"cluster_key": each}
        for each in ("text 1", "text 1", ["text", 1], {"a": 1, "b": 2}, {"b": 2, "a": 1})
    ]
    found = [case_columns(row("eval", above=None, metadata=each))[-1] for each in given]
    assert [found.index(each) for each in found] == [0, 0, 2, 3, 3]
    assert {len(each) for each in found} == {16}
    nothing = [
        case_columns(row("eval", above=None, metadata={"cluster_key": each}))[-1] for each in (None, "null")
    ]
    assert nothing == [None, None]


@pytest.mark.parametrize(
    ("classifications", "columns"),
    [
        ({}, []),
        (
            {"topic": [{"id": "a"}, {"label": "B", "id": "b"}]},
            [(0, CASE_ID, "topic", "a"), (1, CASE_ID, "topic", "B")],
        ),
        ({"topic": "c", "odd": [None, {}, 1]}, [(0, CASE_ID, "topic", "c"), (1, CASE_ID, "odd", "1")]),
    ],
)
def test_columns_of_labels(classifications: dict[str, Any], columns: list[tuple[Any, ...]]) -> None:
    assert list(label_columns(row("eval", above=None, classifications=classifications))) == columns
