"""What a program logs as a row of its own is checked before anything is written."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from spanscore import flush, init, init_logger, log, log_feedback, update_span
from spanscore.api._event import checked_event
from spanscore.api._recording import ensure_recording
from spanscore.errors import ConfigError, ScoreError
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent

pytestmark = pytest.mark.core

NOTHING: dict[str, Any] = {"scores": None, "metadata": None, "metrics": None, "tags": None}

WRONG: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "a score above 1": (
        {"scores": {"exact": 7}},
        ScoreError,
        "the score 'exact' is 7; give a number in 0..1, a bool or None",
    ),
    "a text for a score": (
        {"scores": {"exact": "x"}},
        ScoreError,
        "the score 'exact' is x; give a number in 0..1, a bool or None",
    ),
    "a number for scores": (
        {"scores": 1},
        ScoreError,
        'scores are 1; give them by name, such as {"exact": 1}',
    ),
    "a number for a score's name": ({"scores": {1: 1}}, ConfigError, "a name in scores is 1; give texts"),
    "a list of metadata": (
        {"metadata": [1]},
        ConfigError,
        'metadata is [1]; give a mapping, such as {"model": "m"}',
    ),
    "a number for a key": ({"metadata": {1: 2}}, ConfigError, "a name in metadata is 1; give texts"),
    "a list of metrics": (
        {"metrics": [1]},
        ConfigError,
        'metrics are [1]; give a mapping, such as {"tokens": 12}',
    ),
    "a text for a metric": ({"metrics": {"a": "b"}}, ConfigError, "the metric 'a' is b; give a number"),
    "a number for a metric's name": ({"metrics": {1: 2}}, ConfigError, "a name in metrics is 1; give texts"),
    "a tag without a list": ({"tags": "abc"}, ConfigError, 'tags are abc; give a list, such as ["smoke"]'),
}


@dataclass
class Model:
    name: str


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_stored_is_named_and_nothing_is_written(name: str) -> None:
    wrong, error, message = WRONG[name]
    logger, experiment = init_logger("bot"), init("p", "e")
    case: dict[str, Any] = {"input": 1, "output": 1, "scores": {}}
    for write, given in ((logger.log, wrong), (experiment.log, case | wrong), (log, case | wrong)):
        with pytest.raises(error) as caught:
            write(**given)
        assert (type(caught.value), str(caught.value)) == (error, message)
    flush()
    store = SqliteStore(ensure_recording().settings.home / "spanscore.db")
    parents = (logger.parent, experiment.parent)
    assert [row.name for parent in parents for row in store.rows(Parent.parse(parent))] == []


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_merged_into_a_row_is_named_too(name: str) -> None:
    wrong, error, message = WRONG[name]
    logger, experiment = init_logger("bot"), init("p", "e")
    with logger.start_span("answer") as span:
        exported = span.export()
    case = experiment.log(1, 1, scores={})
    writes: list[partial[None]] = [
        partial(logger.update_span, span.id),
        partial(experiment.update_span, case),
        partial(update_span, exported),
    ]
    if "metrics" not in wrong:
        writes += [
            partial(logger.log_feedback, span.id, comment="c"),
            partial(experiment.log_feedback, case, comment="c"),
            partial(log_feedback, case, comment="c"),
        ]
    for write in writes:
        with pytest.raises(error) as caught:
            write(**wrong)
        assert (type(caught.value), str(caught.value)) == (error, message)
    (row,) = experiment.fetch()
    assert (row["tags"], row["metadata"], row["scores"], row["comments"]) == (None, None, {}, None)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ({}, {}),
        ({"scores": {"a": True, "b": None, "c": 0.5}}, {"scores": {"a": 1.0, "b": None, "c": 0.5}}),
        ({"metadata": Model("m")}, {"metadata": {"name": "m"}}),
        ({"metrics": {"tokens": 3, "is_cached": True}}, {"metrics": {"tokens": 3, "is_cached": True}}),
        ({"tags": ("a", 1)}, {"tags": ("a", 1)}),
    ],
)
def test_what_can_be_stored_is_given_back(given: dict[str, Any], stored: dict[str, Any]) -> None:
    assert checked_event(**NOTHING | given) == NOTHING | stored
