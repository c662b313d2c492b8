"""A `cluster_key` that cases have nothing at: said before anything runs where it can be, else at the end."""

import logging
from typing import Any

import pytest

from spanscore import Eval
from spanscore.errors import ConfigError
from spanscore.evals import EvalCase, ExperimentResult
from spanscore.evals._clusters import ClusterCount, check_cluster_key

pytestmark = pytest.mark.core

DATA: list[dict[str, Any]] = [
    {"input": number, "metadata": {"document": number // 2, "topic": "t"}} for number in range(6)
]


def evaluate(data: Any, cluster_key: str) -> ExperimentResult:
    return Eval("p", data, lambda value: value, [lambda output: True], quiet=True, cluster_key=cluster_key)


def test_a_list_of_which_no_case_has_it_does_not_run() -> None:
    called: list[Any] = []
    with pytest.raises(ConfigError) as caught:
        Eval("p", DATA, called.append, [], quiet=True, cluster_key="metadata.docment")
    assert str(caught.value) == (
        "cluster_key is 'metadata.docment', and no case of 6 has anything there; the first case has "
        "metadata.document, metadata.topic"
    )
    assert called == []
    with pytest.raises(ConfigError, match="the first case has no metadata"):
        check_cluster_key("metadata.x", [{"input": 1}])


@pytest.mark.parametrize("data", [None, [], DATA, iter(DATA), [{"no": "input"}], [{"input": 1}, *DATA]])
def test_what_may_run(data: Any) -> None:
    check_cluster_key("metadata.document", data)
    check_cluster_key(None, data)


def test_data_that_is_read_as_it_runs_is_warned_of_at_the_end(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="spanscore"):
        result = evaluate(iter(DATA), "metadata.docment")
    told = "cluster_key: no case of 6 has anything at metadata.docment; nothing is clustered"
    assert result.notes == (told,)
    assert [record.getMessage() for record in caplog.records] == [told]


def test_cases_without_it_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    result = evaluate([*DATA, {"input": 7}, EvalCase(input=8)], "metadata.document")
    assert result.notes == (
        "cluster_key: nothing at metadata.document in 2 of 8 cases; each input of theirs counts as "
        "independent",
    )
    assert evaluate(DATA, "metadata.document").notes == ()
    assert caplog.records == []


def test_nothing_is_said_where_nothing_was_asked_or_has_run() -> None:
    count = ClusterCount(None)
    count.add(EvalCase(input=1))
    assert (count.notes(), ClusterCount("metadata.x").notes()) == ((), ())
