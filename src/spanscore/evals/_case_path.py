"""A value within a case, named by a dotted path."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, cast

from spanscore._json import to_json
from spanscore.errors import CaseError
from spanscore.evals._case import EvalCase, case_key

_SHOWN: Final = 100


def value_at(case: EvalCase, path: str) -> Any:
    """What stands at `path`, such as "metadata.document" or "input.messages.0"; None where nothing does.

    >>> value_at(EvalCase(input={"lines": ["a", "b"]}), "input.lines.1")
    'b'
    """
    first, *further = path.split(".")
    found: Any = getattr(case, first, None)
    for name in further:
        if isinstance(found, Mapping):
            found = cast("Mapping[Any, Any]", found).get(name)
        elif isinstance(found, Sequence) and not isinstance(found, str) and name.isdecimal():
            items = cast("Sequence[Any]", found)
            found = items[int(name)] if int(name) < len(items) else None
        else:
            found = getattr(cast("object", found), name, None)
    return found


def key_by(asked: Callable[[Any], Any] | str | None) -> Callable[[EvalCase, str], str]:
    """What gives a case its key, by which it is found again in another experiment.

    It is called with the case and the JSON of its input; without `asked` the input is what counts. It raises
    CaseError for a case without a key, which would be one with all others that have none.
    """
    if asked is None:
        return lambda _, input_json: case_key(input_json)
    of_case = partial(value_at, path=asked) if isinstance(asked, str) else asked

    def key_of(case: EvalCase, input_json: str) -> str:
        try:
            found = of_case(case)
        except Exception as error:
            raise CaseError(
                f"comparison_key raised {type(error).__name__}: {error}, for the case with the input "
                f"{input_json[:_SHOWN]}"
            ) from error
        if found is None:
            what = f"is {asked!r}, and" if isinstance(asked, str) else "gives None:"
            raise CaseError(
                f"comparison_key {what} a case has nothing there, with the input {input_json[:_SHOWN]}; "
                "name what every case has, such as 'id' or 'metadata.question_id'"
            )
        return case_key(to_json(found))

    return key_of
