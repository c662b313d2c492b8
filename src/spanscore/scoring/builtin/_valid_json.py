"""Whether the output is JSON, and of the right form."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spanscore._json import from_json
from spanscore.errors import ConfigError
from spanscore.scoring._score import Score
from spanscore.scoring.builtin._exact_match import plain

_MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class ValidJSON:
    """1 where the output is JSON, 0 where not; with a `schema` it has to be valid by that, too.

    A text or bytes has to read as JSON by RFC 8259, in which there is no NaN. Any other output stands for
    itself, as a list or a dict that a task has read already. The metadata of the score says what is wrong.
    `schema` is a JSON schema as a dict; it needs the package `jsonschema`. Raises ConfigError for a schema
    that is none.

    >>> ValidJSON()('{"city": "Rome"}').score, ValidJSON()("Rome").score
    (1.0, 0.0)
    """

    schema: Mapping[str, Any] | bool | None = None
    name: str = field(default="valid_json", kw_only=True)
    _validator: Any = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        if self.schema is not None:
            object.__setattr__(self, "_validator", _validator(self.schema))

    def __call__(self, output: Any) -> Score:
        """The score of one output."""
        try:
            value = from_json(output) if isinstance(output, str | bytes) else plain(output)
        except ValueError as error:
            return Score(self.name, 0.0, {"errors": [f"no JSON: {error}"]})
        wrong = [] if self._validator is None else _errors(self._validator, value)
        return Score(self.name, 0.0, {"errors": wrong}) if wrong else Score(self.name, 1.0)


def _validator(schema: Any) -> Any:
    try:
        jsonschema = importlib.import_module("jsonschema")
    except ImportError:
        raise ConfigError(
            "ValidJSON(schema=…) needs the package jsonschema; pip install jsonschema"
        ) from None
    validator = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    try:
        validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise ConfigError(f"the schema of ValidJSON is none: {error.message} at {error.json_path}") from None
    return validator(schema)


def _errors(validator: Any, value: Any) -> list[str]:
    """What is wrong and where, the first few."""
    found: list[str] = []
    for error in validator.iter_errors(value):
        found.append(f"{error.json_path}: {error.message[:200]}")
        if len(found) == _MOST_TOLD:
            break
    return found
