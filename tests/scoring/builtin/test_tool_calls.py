from typing import Any

import pytest

from spanscore.errors import ConfigError, ScoreError
from spanscore.evals import CaseTrace
from spanscore.scorers import ToolCalls
from spanscore.scoring import Score
from trace_rows import row

pytestmark = pytest.mark.core


def trace(*calls: tuple[str, Any]) -> CaseTrace:
    rows = [row(name, "tool", number=n, above=1, input=given) for n, (name, given) in enumerate(calls, 2)]
    return CaseTrace.of_rows([row("task"), *rows])


def call(name: str, **arguments: Any) -> dict[str, Any]:
    return {"name": name, "arguments": arguments}


MADE = trace(("search", {"q": "a", "n": 1}), ("search", {"q": "b"}), ("answer", {"text": "c"}))
CASES: dict[str, tuple[ToolCalls, CaseTrace, Any, float]] = {
    "a tool": (ToolCalls(["search"]), MADE, None, 1.0),
    "a tool that was not called": (ToolCalls(["delete"]), MADE, None, 0.0),
    "half of them": (ToolCalls(["answer", "delete"]), MADE, None, 0.5),
    "in any order": (ToolCalls(["answer", "search"]), MADE, None, 1.0),
    "twice": (ToolCalls(["search", "search"]), MADE, None, 1.0),
    "three times is one too many": (ToolCalls(["search"] * 3), MADE, None, 2 / 3),
    "each wanted call is another one": (ToolCalls(["search", call("search", q="a")]), MADE, None, 1.0),
    "a part of the arguments": (ToolCalls([call("search", q="a")]), MADE, None, 1.0),
    "all of the arguments": (ToolCalls([call("search", q="a")], arguments="equal"), MADE, None, 0.0),
    "these and no other arguments": (ToolCalls([call("search", q="b")], arguments="equal"), MADE, None, 1.0),
    "in this order": (ToolCalls(["search", "answer"], order="sequence"), MADE, None, 1.0),
    "in another order": (ToolCalls(["answer", "search"], order="sequence"), MADE, None, 0.5),
    "exactly": (ToolCalls(["search", "search", "answer"], order="exact"), MADE, None, 1.0),
    "one too many": (ToolCalls(["search", "answer"], order="exact"), MADE, None, 2 / 3),
    "none wanted, any order": (ToolCalls([]), MADE, None, 1.0),
    "none wanted, exactly": (ToolCalls([], order="exact"), MADE, None, 0.0),
    "none wanted and none made": (ToolCalls([], order="exact"), trace(), None, 1.0),
    "none made": (ToolCalls(["search"]), trace(), None, 0.0),
    "from what the case expects": (ToolCalls(), MADE, ["search", call("answer", text="c")], 1.0),
    "one that must not be": (ToolCalls(["search"], never=["answer"]), MADE, None, 0.0),
    "only what must not be": (ToolCalls(never=["delete"]), MADE, None, 1.0),
    "expected and never": (ToolCalls(never=["delete"]), MADE, ["delete"], 0.0),
}


@pytest.mark.parametrize(("scorer", "given", "expected", "score"), CASES.values(), ids=CASES.keys())
def test_score(scorer: ToolCalls, given: CaseTrace, expected: Any, score: float) -> None:
    assert scorer(given, expected).score == pytest.approx(score)


def test_what_was_called_is_told() -> None:
    assert ToolCalls(["answer"], never=["search"])(MADE) == Score(
        "tool_calls",
        0.0,
        {
            "calls": ["search({'q': 'a', 'n': 1})", "search({'q': 'b'})", "answer({'text': 'c'})"],
            "forbidden": ["search"],
        },
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"order": "some"}, "order is 'some'; give one of any, sequence, exact"),
        ({"arguments": "all"}, "arguments is 'all'; give one of subset, equal"),
        ({"never": "delete"}, "never is 'delete'; give a list"),
        ({"wanted": "search"}, "tool_calls is to find the calls 'search'"),
    ],
)
def test_what_cannot_be_asked(options: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ToolCalls(**options)


def test_nothing_wanted_anywhere() -> None:
    with pytest.raises(ConfigError, match="tool_calls is to find the calls None; give a list of names"):
        ToolCalls()(MADE)


def test_without_a_trace() -> None:
    with pytest.raises(ScoreError, match="tool_calls looks at the trace"):
        ToolCalls(["search"])(None)
