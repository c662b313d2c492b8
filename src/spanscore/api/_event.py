"""An event that a program logs as a row of its own: what its objects and tags may be."""

from collections.abc import Mapping
from typing import Any, Final, cast

from spanscore._json import from_json, to_json
from spanscore.errors import ConfigError
from spanscore.tracing import checked_scores
from spanscore.tracing._text import as_text

_CHECKED: Final = ("scores", "metadata", "metrics", "tags")
_LISTS: Final = (list, tuple, set, frozenset)


def checked_event(*, scores: object, metadata: object, metrics: object, tags: object) -> dict[str, Any]:
    """The four as they can be stored, None where nothing is given; True and False are scores of 1 and 0.

    Metadata may be anything that is an object as JSON, such as a dataclass, and becomes a mapping. Raises
    ConfigError, which names the value, for what has another form, and ScoreError for a score outside 0..1.

    >>> checked_event(scores={"exact": True}, metadata=None, metrics={"tokens": 3}, tags=["smoke"])
    {'scores': {'exact': 1.0}, 'metadata': None, 'metrics': {'tokens': 3}, 'tags': ['smoke']}
    """
    checked = None if scores is None else checked_scores(scores)
    _check_names("scores", checked or {})
    _check_metrics(metrics)
    _check_tags(tags)
    return {"scores": checked, "metadata": _checked_metadata(metadata), "metrics": metrics, "tags": tags}


def checked_update(event: Mapping[str, Any]) -> dict[str, Any]:
    """What a row is to be merged with, or feedback, with what it has of the four as they can be stored.

    Raises what `checked_event` says.

    >>> checked_update({"scores": {"exact": True}, "comment": "right"})
    {'scores': {'exact': 1.0}, 'comment': 'right'}
    """
    checked = checked_event(**{name: event.get(name) for name in _CHECKED})
    return {**event, **{name: value for name, value in checked.items() if value is not None}}


def _checked_metadata(metadata: object) -> Mapping[Any, Any] | None:
    if metadata is None:
        return None
    given = metadata if issubclass(type(metadata), Mapping) else from_json(to_json(metadata))
    if not isinstance(given, Mapping):
        raise ConfigError(f'metadata is {as_text(metadata)}; give a mapping, such as {{"model": "m"}}')
    mapping = cast("Mapping[Any, Any]", given)
    _check_names("metadata", mapping)
    return mapping


def _check_metrics(metrics: object) -> None:
    if metrics is None:
        return
    if not issubclass(type(metrics), Mapping):
        raise ConfigError(f'metrics are {as_text(metrics)}; give a mapping, such as {{"tokens": 12}}')
    given = cast("Mapping[Any, object]", metrics)
    _check_names("metrics", given)
    for name, value in given.items():
        if not hasattr(type(value), "__float__"):
            raise ConfigError(f"the metric {name!r} is {as_text(value)}; give a number")


def _check_tags(tags: object) -> None:
    # What is in the list becomes text, whatever it is.
    if tags is not None and not issubclass(type(tags), _LISTS):
        raise ConfigError(f'tags are {as_text(tags)}; give a list, such as ["smoke"]')


def _check_names(what: str, given: Mapping[Any, Any]) -> None:
    for name in given:
        if not issubclass(type(name), str):
            raise ConfigError(f"a name in {what} is {as_text(name)}; give texts")
