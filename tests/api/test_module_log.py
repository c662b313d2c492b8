"""Helpers of what is current, and of spans elsewhere."""

import pytest

from spanscore import (
    NOOP_SPAN,
    current_experiment,
    current_span,
    get_span_parent_object,
    init,
    init_logger,
    log,
    log_feedback,
    start_span,
    summarize,
    update_span,
)
from spanscore.errors import ConfigError, ParentError

pytestmark = pytest.mark.core


def test_the_current_experiment_is_logged_into_and_summarised() -> None:
    experiment = init("p")
    row_id = log(input=1, output=1, scores={"exact": 1})
    log_feedback(row_id, comment="nice", scores={"human": 1})
    assert sorted(summarize().scores) == ["exact", "human"]
    (row,) = experiment
    assert row["comments"][0]["comment"] == {"text": "nice"}


def test_without_one_it_is_told() -> None:
    assert current_experiment() is None
    for call in (lambda: log(input=1), summarize, lambda: log_feedback("x", comment="y")):
        with pytest.raises(ConfigError, match="call init"):
            call()


def test_a_span_elsewhere_is_updated_by_what_it_exported() -> None:
    experiment = init("p")
    with start_span("a", metadata={"a": 1}) as span:
        exported = span.export()
    update_span(exported, metadata={"b": 2})
    (row,) = experiment
    assert row["metadata"] == {"a": 1, "b": 2}
    with pytest.raises(ConfigError, match="leave id out"):
        update_span(exported, id="x")
    with pytest.raises(ParentError, match="no span in it"):
        update_span(experiment.export(), output=1)


def test_what_a_span_begins_below() -> None:
    assert get_span_parent_object() == NOOP_SPAN
    logger = init_logger("bot")
    assert get_span_parent_object() is logger
    experiment = init("p")
    assert get_span_parent_object() is experiment
    with start_span("a"):
        assert get_span_parent_object() == current_span()
