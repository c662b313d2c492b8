"""What a value consists of: for each kind of value, a reader that takes it one step nearer to plain data."""

import array
import base64
import collections
import dataclasses
import datetime
import enum
import pathlib
import re
import types
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from decimal import Decimal
from fractions import Fraction
from functools import partial
from operator import attrgetter, methodcaller
from typing import Any, Final, TypeAlias, cast

from spanscore._json._allowance import Allowance
from spanscore._json._foreign import FOREIGN
from spanscore._json._guard import attempt
from spanscore._json._names import bases, class_name, kind_of, type_name
from spanscore._json._tree import GAP_KEY, Gap, gap_of_bytes

Reader: TypeAlias = Callable[[Any, Allowance], Any]
"""Takes a value and how much of it is wanted; may raise what it likes."""

MAX_BYTES: Final = 1 << 16
"""A longer byte string is left out, unless it is media."""

ADDRESS: Final = re.compile(r" at 0x[0-9a-fA-F]+")


def find_reader(kind: type[Any]) -> Reader:
    """The reader of a class: that of its nearest known base, else by what it declares, else `describe`."""
    for base in bases(kind):
        reader = READERS.get(base) or FOREIGN.get(class_name(base))
        if reader is not None:
            return reader
    for abstract, reader in ((Mapping, read_mapping), (Sequence, read_collection), (Set, read_collection)):
        if issubclass(kind, abstract):
            return reader
    return read_fields if field_names(kind) else describe


def describe(value: Any, _allowance: Allowance) -> str:
    """The value's `repr` without memory addresses, which would make equal inputs differ in every run."""
    if kind_of(value).__repr__ is object.__repr__:
        return f"<{type_name(value)}>"
    text = str.__str__(repr(value))
    return ADDRESS.sub("", text) if len(text) < MAX_BYTES else text


def read_bytes(value: Any, _allowance: Allowance) -> str | Gap:
    size: int = value.nbytes if kind_of(value) is memoryview else len(value)
    return gap_of_bytes(value) if size > MAX_BYTES else base64.b64encode(value).decode()


def read_tuple(value: Any, _allowance: Allowance) -> Any:
    """A plain tuple, or the fields of a named one."""
    items = builtin_items(tuple, value)
    names: Any = getattr(kind_of(value), "_fields", None)
    return (
        dict(zip(cast("tuple[str, ...]", names), items, strict=True)) if isinstance(names, tuple) else items
    )


def builtin_items(builtin: Callable[[Any], Any], value: Any) -> list[Any]:
    """The items of a builtin collection, past what a subclass has made of its iteration."""
    return list(vars(builtin)["__iter__"](value))


def read_dict(value: Any, _allowance: Allowance) -> dict[Any, Any]:
    """What a dict subclass has stored, past what it has made of the methods that read it."""
    return dict(dict[Any, Any].items(value))


def read_ordered(value: Any, _allowance: Allowance) -> dict[Any, Any]:
    """An ordered dict in its own order, which its storage as a dict does not have."""
    return dict(collections.OrderedDict[Any, Any].items(value))


def read_mapping(value: Any, allowance: Allowance) -> dict[Any, Any]:
    pairs: dict[Any, Any] = {}
    for key in value:
        if len(pairs) >= allowance.items or allowance.is_late:
            return {**pairs, GAP_KEY: Gap(None, "keys")}
        pairs[key] = attempt(value, value.__getitem__, key)
    return pairs


def read_collection(value: Iterable[Any], allowance: Allowance) -> list[Any]:
    """The first items of a value that is a collection by contract; iterators never get here."""
    items: list[Any] = []
    for item in value:
        if len(items) >= allowance.items or allowance.is_late:
            return [*items, Gap(None, "items")]
        items.append(item)
    return items


def read_set(value: Any, _allowance: Allowance) -> list[Any]:
    """The items of a set; the walker puts them into the order of their JSON."""
    return builtin_items(set if set in bases(kind_of(value)) else frozenset, value)


def read_exception(value: BaseException, _allowance: Allowance) -> str:
    text = str(value)
    return f"{type_name(value)}: {text}" if text else type_name(value)


def read_fields(value: Any, allowance: Allowance) -> dict[str, Any]:
    """The declared fields of an instance; one that cannot be read says so and leaves the others alone."""
    fields: dict[str, Any] = {}
    for name in field_names(kind_of(value)):
        if allowance.is_late:
            return {**fields, GAP_KEY: Gap(None, "keys")}
        fields[name] = attempt(value, getattr, value, name)
    return fields


def field_names(kind: type[Any]) -> list[str]:
    """The fields that a dataclass, an attrs class or a msgspec struct declares; none for other classes."""
    declared: Any = getattr(kind, "__dataclass_fields__", None)
    if isinstance(declared, dict):
        return [field.name for field in dataclasses.fields(kind)]
    attributes: Any = getattr(kind, "__attrs_attrs__", None)
    if isinstance(attributes, tuple):
        return [attribute.name for attribute in cast("tuple[Any, ...]", attributes)]
    structure: Any = getattr(kind, "__struct_fields__", None)
    return list(cast("tuple[str, ...]", structure)) if isinstance(structure, tuple) else []


NOTHING: Final[dict[str, Any]] = {}


def _by(call: Callable[[Any], Any]) -> Reader:
    """The reader that calls an unbound method of a builtin, which a subclass cannot have overridden."""
    return lambda value, _allowance: call(value)


READERS: Final[dict[type[Any], Reader]] = {
    str: _by(str.__str__),
    int: _by(int.__int__),
    float: _by(float.__float__),
    dict: read_dict,
    collections.OrderedDict: read_ordered,
    list: _by(partial(builtin_items, list)),
    tuple: read_tuple,
    set: read_set,
    frozenset: read_set,
    collections.deque: _by(partial(builtin_items, collections.deque)),
    **dict.fromkeys(map(kind_of, (NOTHING.keys(), NOTHING.values(), NOTHING.items())), read_collection),
    types.MappingProxyType: read_mapping,
    array.array: read_collection,
    range: describe,
    bytes: read_bytes,
    bytearray: read_bytes,
    memoryview: read_bytes,
    enum.Enum: _by(attrgetter("value")),
    datetime.datetime: _by(methodcaller("isoformat")),
    datetime.date: _by(methodcaller("isoformat")),
    datetime.time: _by(methodcaller("isoformat")),
    datetime.timedelta: _by(str),
    uuid.UUID: _by(str),
    pathlib.PurePath: _by(str),
    Decimal: _by(str),
    Fraction: _by(str),
    complex: _by(str),
    collections.UserString: _by(str),
    BaseException: read_exception,
    type: describe,
}
