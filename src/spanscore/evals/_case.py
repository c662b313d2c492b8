"""The case: one input with what belongs to it, whatever form the user gave it in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any, cast

from spanscore._json import canonical_json, to_json
from spanscore.errors import CaseError


@dataclass(frozen=True, slots=True)
class EvalCase:
    """One case of an eval: the input, and what is known about it.

    `expected` is what scorers may compare the output with. `trial_count` overrides the eval's. `id`,
    `_xact_id`, `created` and `origin` tell of the dataset row that the case came from, `upsert_id` names it
    for programs that write it again. `scorers` judge this case besides the eval's. `user_data` is handed to
    the task (in its hooks) and to scorers, and recorded nowhere.

    >>> EvalCase(input="2 + 2", expected=4).expected
    4
    """

    input: Any
    expected: Any = None
    metadata: Mapping[str, Any] | None = None
    tags: tuple[str, ...] = ()
    trial_count: int | None = None
    id: str | None = None
    _xact_id: str | None = None
    created: str | None = None
    origin: Mapping[str, Any] | None = None
    upsert_id: str | None = None
    scorers: tuple[Any, ...] = ()
    user_data: Any = None


_FIELDS = tuple(field.name for field in fields(EvalCase) if field.name != "input")


def to_case(value: Any, number: int) -> EvalCase:
    """The case that `value` describes: an EvalCase, a mapping with "input", or an object with `.input`.

    Scorers of the case stand under "scorers" or "scores". Other keys of a mapping than a case's are left out.
    `number` counts from 1 and stands in the message of
    CaseError.
    """
    if type(value) is EvalCase:
        given: Mapping[str, Any] = {name: getattr(value, name) for name in ("input", *_FIELDS)}
    elif isinstance(value, (dict, Mapping)):
        given = cast("Mapping[str, Any]", value)
    elif hasattr(value, "input"):
        given = {name: getattr(value, name, None) for name in ("input", *_FIELDS)}
    else:
        raise CaseError(
            _message(number, f"is a {type(value).__name__}: {_short(value)}", "an object with an input")
        )
    if "input" not in given:
        raise CaseError(_message(number, f"has no input: {_short(value)}", '{"input": …, "expected": …}'))
    get = given.get
    return EvalCase(
        given["input"],
        get("expected"),
        _metadata(get("metadata"), number),
        _tags(get("tags"), number),
        _trial_count(get("trial_count"), number),
        get("id"),
        get("_xact_id"),
        get("created"),
        get("origin"),
        get("upsert_id"),
        _scorers(get("scorers") or get("scores"), number),
        get("user_data"),
    )


def case_key(input_json: str) -> str:
    """A name of the input, equal for equal inputs in any run: a hash of its JSON with sorted keys."""
    return blake2b(canonical_json(input_json), digest_size=16).hexdigest()


def _metadata(value: Any, number: int) -> Mapping[str, Any] | None:
    if value is None or isinstance(value, (dict, Mapping)):
        return dict(cast("Mapping[str, Any]", value)) if value else None
    raise CaseError(_message(number, f"has metadata {_short(value)}", 'a mapping, such as {"source": "faq"}'))


def _tags(value: Any, number: int) -> tuple[str, ...]:
    if not value:
        return ()
    if isinstance(value, (list, tuple, set, frozenset)):
        tags = cast("Collection[Any]", value)
        if all(isinstance(tag, str) for tag in tags):
            return tuple(dict.fromkeys(tags))
    raise CaseError(_message(number, f"has tags {_short(value)}", 'a list of texts, such as ["smoke"]'))


def _scorers(value: Any, number: int) -> tuple[Any, ...]:
    if not value:
        return ()
    if isinstance(value, (list, tuple)):
        return tuple(cast("Collection[Any]", value))
    raise CaseError(_message(number, f"has scorers {_short(value)}", "a list of functions"))


def _trial_count(value: Any, number: int) -> int | None:
    if value is None or (type(value) is int and value > 0):
        return value
    raise CaseError(_message(number, f"has trial_count {_short(value)}", "a whole number from 1"))


def _message(number: int, what: str, remedy: str) -> str:
    return f"case {number} of the data {what}; give {remedy}"


def _short(value: Any) -> str:
    return to_json(value, max_bytes=200)
