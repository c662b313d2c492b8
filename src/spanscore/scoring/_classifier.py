"""A classifier made ready for an eval, and what its results stand for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

from spanscore.errors import ScoreError
from spanscore.scoring._classification import Classification
from spanscore.scoring._prepared import SCORER_ARGUMENTS, Prepared, prepare
from spanscore.scoring._shown import shown

PreparedClassifier: TypeAlias = Prepared[Classification]
"""A classifier that can be called with the values of a case; what it reads has a name each."""

_WRONG: Final = (
    "When returning structured classifier results, each classification must be a non-empty object."
)
_FIELDS: Final = ("id", "name", "label", "metadata")


def prepare_classifiers(
    classifiers: Iterable[Any], *, available: tuple[str, ...] = SCORER_ARGUMENTS
) -> list[PreparedClassifier]:
    """The classifiers ready to be called with the `available` values of each case, in their order.

    They are called and named as scorers are; a lambda is `classifier_<index>`. Raises ScorerSignatureError.
    """
    return prepare(classifiers, kind="classifier", available=available, reader=classifications)


def classifications(name: str, own_name: str, raw: Any) -> tuple[Classification, ...]:
    """The labels that the classifier means by `raw`: none by None, one by an object, several by a list.

    An object is a Classification or has its fields, as attributes or keys. Without a name, or with one that
    is empty or no text, it gets `own_name`. Raises ScoreError, naming the classifier `name`, for what is no
    object or has no `id`.

    >>> classifications("tone", "tone", {"id": "positive"})
    (Classification(id='positive', name='tone', label=None, metadata=None),)
    """
    if raw is None:
        return ()
    items = cast("Sequence[Any]", raw) if isinstance(raw, (list, tuple)) else [raw]
    return tuple(_classification(name, own_name, item) for item in items)


def grouped(found: Iterable[Classification]) -> dict[str, list[dict[str, Any]]]:
    """The labels as they are stored: a list of items for each name, in their order, duplicates kept.

    >>> grouped([Classification("a", name="n"), Classification("a", name="n", label="A")])
    {'n': [{'id': 'a'}, {'id': 'a', 'label': 'A'}]}
    """
    stored: dict[str, list[dict[str, Any]]] = {}
    for each in found:
        stored.setdefault(each.name or "", []).append(each.as_item())
    return stored


def _classification(classifier: str, own_name: str, item: Any) -> Classification:
    given = _given(item)
    if not given:
        raise ScoreError(
            f"{_WRONG} {classifier} returned {shown(item)}; return Classification(id), {{'id': …}}, "
            "a list of these or None"
        )
    identifier, name, label, metadata = (given.get(field) for field in _FIELDS)
    if not isinstance(identifier, str) or not identifier:
        raise ScoreError(f"{_WRONG} {classifier} returned the id {shown(identifier)}; give a text")
    if label is not None and not isinstance(label, str):
        raise ScoreError(
            f"{_WRONG} {classifier} returned the label {shown(label)}; give a text or leave it out"
        )
    if metadata is not None and not isinstance(metadata, Mapping):
        raise ScoreError(
            f"{_WRONG} {classifier} returned the metadata {shown(metadata)}; give a dict or leave it out"
        )
    return Classification(
        identifier,
        name=name if isinstance(name, str) and name else own_name,
        label=label,
        metadata=None if metadata is None else dict(cast("Mapping[str, Any]", metadata)),
    )


def _given(item: Any) -> Mapping[str, Any]:
    """The fields of an object; nothing for what is none."""
    if isinstance(item, Mapping):
        return cast("Mapping[str, Any]", item)
    if hasattr(item, "id"):
        return {field: getattr(item, field, None) for field in _FIELDS}
    return {}
