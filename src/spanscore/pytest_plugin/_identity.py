"""Which case a test is, in this run and in the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from spanscore._json import to_json

if TYPE_CHECKING:
    import pytest

_REPEATED: Final = "__pytest_repeat_step_number"
"""The parameter by which pytest-repeat runs a test several times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestIdentity:
    """A test: its name and id, its parameters, and which of several runs of it this is.

    `case_key` is equal for the same test with the same parameters in any run, whatever their order.
    """

    __test__ = False

    name: str
    node_id: str
    case_key: str
    parameters: Mapping[str, Any]
    trial_index: int
    attempt: int

    @classmethod
    def of(cls, item: "pytest.Item") -> "TestIdentity":
        """The identity of a test that is about to run."""
        call: Any = getattr(item, "callspec", None)
        given: dict[str, Any] = {} if call is None else dict(call.params)
        trial = given.pop(_REPEATED, 0)
        where = item.nodeid
        if given and _is_plain(given):
            where = f"{where.partition('[')[0]} {to_json(given, redact=False)}"
        elif call is not None and not given:
            where = where.partition("[")[0]
        return cls(
            name=item.name,
            node_id=item.nodeid,
            case_key=where,
            parameters=given,
            trial_index=trial if isinstance(trial, int) else 0,
            # By pytest-rerunfailures: a test that is run again after it failed.
            attempt=getattr(item, "execution_count", 1),
        )


def _is_plain(value: Any) -> bool:
    """True of what looks the same in every run; an object may have its address in its repr."""
    if value is None or isinstance(value, str | int | float | bool):
        return True
    if isinstance(value, dict):
        return all(_is_plain(item) for pair in cast("dict[Any, Any]", value).items() for item in pair)
    if isinstance(value, list | tuple):
        return all(map(_is_plain, cast("list[Any]", value)))
    return False
