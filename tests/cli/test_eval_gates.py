"""The gates of a run of eval files."""

import argparse
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from spanscore.cli._eval_gates import Checked, Gates, check_gates, read_gates
from spanscore.errors import ConfigError
from spanscore.evals import EndedEval, ExperimentResult
from spanscore.evals.gates import parse_gates
from spanscore.wire.summaries import by_name
from told_evals import EXACT, JUDGE, PLAIN

pytestmark = pytest.mark.core

NAMED = "bot/main-2 has no 'exact' for a gate; its scores are: judge; "


def ended(result: ExperimentResult) -> EndedEval:
    evaluator: Any = SimpleNamespace(eval_name="bot")
    return EndedEval(evaluator=evaluator, result=result, backend=None)


JUDGES = by_name((replace(JUDGE, difference=None),))
JUDGED = ended(replace(PLAIN, summary=replace(PLAIN.summary, scores=JUDGES)))
BOTH = ended(replace(PLAIN, summary=replace(PLAIN.summary, scores=by_name((EXACT, JUDGE)))))


def gates(*conditions: str, project: tuple[str, ...] = ()) -> Gates:
    return Gates(asked=parse_gates(conditions, ()), project=parse_gates(project, ()))


def test_a_gate_holds_for_the_evals_that_have_what_it_names() -> None:
    assert check_gates(gates("exact < 0.9", "judge < 0.4"), [ended(PLAIN), JUDGED, BOTH]) == Checked(
        unmet=[["exact is 0.625, which is < 0.9"], [], ["exact is 0.625, which is < 0.9"]]
    )


def test_a_name_that_no_eval_has_is_wrong_in_a_flag_and_may_be_in_the_project() -> None:
    checked = check_gates(gates("exact < 0.9", project=("brief < 0.9",)), [JUDGED])
    assert checked.unmet == [[]]
    assert [text.startswith(NAMED) for text in checked.unknown] == [True]


def test_what_cannot_be_compared_is_told_and_passes() -> None:
    regression = Gates(asked=parse_gates((), ["exact"]), project=())
    assert check_gates(regression, [ended(PLAIN)]) == Checked(
        unmet=[[]], undecided=["bot/main-2: exact could not be compared: there is no baseline"]
    )


def test_without_evals_nothing_is_checked() -> None:
    assert check_gates(gates("exact < 0.9"), []) == Checked()


def test_gates_are_read_from_flags_and_from_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    args = argparse.Namespace(fail_if=["exact < 0.9"], fail_on_regression=["judge:0.02"])
    found = read_gates(args)
    assert [str(gate) for gate in found.asked] == ["exact < 0.9", "judge:0.02@95"]
    assert list(found.project) == []
    with pytest.raises(ConfigError, match="is no condition"):
        read_gates(argparse.Namespace(fail_if=["exact"], fail_on_regression=[]))
