"""A provider's objects as plain values, whatever they turn out to be."""

from collections.abc import Mapping
from typing import Any, cast

from spanscore._json import from_json

Fields = Mapping[str, Any]


def fields_of(value: Any) -> Fields:
    """The fields of a JSON object or of a client's model, unknown ones included; {} for anything else.

    Reads what the model holds, without validating or serialising it.
    """
    if type(value) is dict:
        return cast("Fields", value)
    # Models come first: they are read for every chunk of a stream, and asking for an abstract class is slow.
    if _is_model(value):
        fields = cast("dict[str, Any]", vars(value))
        extra = getattr(value, "__pydantic_extra__", None)
        return {**fields, **extra} if extra else fields
    # By its real class: an object may give itself out as another.
    kind = cast("type[Any]", type(value))
    return cast("Fields", value) if issubclass(kind, Mapping) else {}


def plain(value: Any, *, exclude: Any = None) -> Any:
    """`value` with models in it as JSON objects that have the fields which were received.

    `exclude` is pydantic's, for fields that the client has added.
    """
    if isinstance(value, list | tuple):
        return [plain(item, exclude=exclude) for item in cast("list[Any]", value)]
    if not _is_model(value):
        return value
    # A deviating answer must not put pydantic's warnings into the user's program.
    return value.model_dump(exclude_unset=True, by_alias=True, warnings=False, exclude=exclude)


def json_value(body: bytes) -> Any:
    """The JSON value that a body or a part of it holds; None if it holds none."""
    try:
        return from_json(body)
    except ValueError:
        return None


def text(value: Any) -> str | None:
    """`value` if it is a string with something in it, else None."""
    return value if isinstance(value, str) and value else None


def _is_model(value: Any) -> bool:
    return getattr(cast("type[Any]", type(value)), "model_dump", None) is not None
