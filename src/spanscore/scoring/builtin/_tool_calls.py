"""Whether the right tools were called, as the trace of a case tells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from spanscore.errors import ConfigError
from spanscore.scoring._score import Score
from spanscore.scoring._trace import Trace, recorded
from spanscore.scoring.builtin._tool_call import ToolCall, calls_in, wanted_calls

Order = Literal["any", "sequence", "exact"]
"""What the order of calls has to be: none in particular, that of the wanted ones, or those and no others."""

Arguments = Literal["subset", "equal"]
"""What the arguments have to be: at least the wanted ones, or these and no others."""

_MOST_TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class ToolCalls:
    """The share of the wanted calls of tools that the task has made, 1 where it has made them all.

    What is wanted are names, or `{"name": …, "arguments": {…}}`; None takes them from what the case expects.
    `order` "any" wants each of them somewhere, "sequence" in this order, with others between them or not,
    "exact" these in this order and no others. `arguments` "subset" wants the arguments that are given, at any
    depth, "equal" no others beside them. A call of a tool in `never` makes the score 0.

    Calls are the `tool` spans of the trace; where it has none, the calls that the models asked for.

    >>> from spanscore import Eval, traced
    >>> @traced(type="tool")
    ... def search(query):
    ...     return ["Rome"]
    >>> wanted = [{"name": "search", "arguments": {"query": "capital"}}]
    >>> result = Eval("tools", [{"input": "capital"}], search, [ToolCalls(wanted)], quiet=True)
    >>> result.results[0].scores
    {'tool_calls': 1.0}
    """

    wanted: Sequence[str | Mapping[str, Any]] | None = None
    order: Order = field(default="any", kw_only=True)
    arguments: Arguments = field(default="subset", kw_only=True)
    never: Sequence[str] = field(default=(), kw_only=True)
    name: str = field(default="tool_calls", kw_only=True)

    def __post_init__(self) -> None:
        for what, choices in (("order", get_args(Order)), ("arguments", get_args(Arguments))):
            if getattr(self, what) not in choices:
                raise ConfigError(f"{what} is {getattr(self, what)!r}; give one of {', '.join(choices)}")
        if isinstance(self.never, str):
            raise ConfigError(f"never is {self.never!r}; give a list of names of tools")
        if self.wanted is not None:
            wanted_calls(self.wanted, self.name)

    def __call__(self, trace: Trace | None, expected: Any = None) -> Score:
        """The score of one case. Raises ConfigError where it has to expect calls and does not."""
        calls = calls_in(recorded(trace, self.name))
        if self.wanted is not None:
            wanted = wanted_calls(self.wanted, self.name)
        else:
            wanted = () if expected is None and self.never else wanted_calls(expected, self.name)
        forbidden = sorted({call.name for call in calls if call.name in self.never})
        found = self._found(calls, wanted)
        most = max(len(wanted), len(calls)) if self.order == "exact" else len(wanted)
        score = 0.0 if forbidden else (found / most if most else 1.0)
        told: dict[str, Any] = {"calls": [str(call) for call in calls[:_MOST_TOLD]]}
        if forbidden:
            told["forbidden"] = forbidden
        return Score(self.name, score, told)

    def _found(self, calls: Sequence[ToolCall], wanted: Sequence[ToolCall]) -> int:
        """How many of the wanted calls were made."""
        is_equal = self.arguments == "equal"
        fits = [[want.fits(call, is_equal=is_equal) for call in calls] for want in wanted]
        return _most_pairs(fits) if self.order == "any" else _longest_sequence(fits)


def _most_pairs(fits: Sequence[Sequence[bool]]) -> int:
    """How many rows can have a column of their own that fits: each wanted call is another call."""
    row_of: dict[int, int] = {}

    def takes(row: int, tried: set[int]) -> bool:
        for column, is_fit in enumerate(fits[row]):
            if is_fit and column not in tried:
                tried.add(column)
                if column not in row_of or takes(row_of[column], tried):
                    row_of[column] = row
                    return True
        return False

    return sum(takes(row, set()) for row in range(len(fits)))


def _longest_sequence(fits: Iterable[Sequence[bool]]) -> int:
    """How many rows can have a column that fits, each after that of the row before."""
    best: list[int] = []
    for row in fits:
        above = best or [0] * (len(row) + 1)
        best = [0]
        for column, is_fit in enumerate(row):
            best.append(above[column] + 1 if is_fit else max(above[column + 1], best[column]))
    return best[-1] if best else 0
