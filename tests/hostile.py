"""Values that break serializers, by name; whatever takes users' values is tested with all of them.

Import it as `from hostile import HOSTILE, Hostile, Watched`.
"""

import array
import asyncio
import collections
import contextvars
import dataclasses
import datetime
import enum
import functools
import io
import itertools
import pathlib
import socket
import threading
import types
import uuid
import weakref
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple, NoReturn
from unittest.mock import MagicMock, Mock

UNREADABLE = "[spanscore: unreadable {}: {}]"
HERE = __name__


@dataclasses.dataclass(frozen=True)
class Hostile:
    """A value that `make` makes anew for every test; `text` is its exact JSON where it is always the same."""

    name: str
    make: Callable[[], Any]
    text: str | None = None


class Watched:
    """An object that notes each call of its `__repr__`, which does what `says` does."""

    calls: ClassVar[list[int]] = []

    def __init__(self, says: Callable[[], Any] = lambda: "watched") -> None:
        self._says = says

    def __repr__(self) -> Any:
        Watched.calls.append(id(self))
        return self._says()


def raiser(error: type[BaseException]) -> Callable[..., NoReturn]:
    def fail(*_args: Any, **_kwargs: Any) -> NoReturn:
        raise error("no")

    return fail


class Colour(enum.Enum):
    RED = "red"
    MANY = ("red", 1)


class Level(enum.IntEnum):
    HIGH = 3


class Flavour(str, enum.Enum):
    SWEET = "sweet"


class LoudStr(str):
    __str__ = __repr__ = __len__ = __iter__ = encode = isascii = raiser(ValueError)  # type: ignore[assignment]
    __hash__ = str.__hash__


class LoudInt(int):
    __str__ = __repr__ = __index__ = __int__ = bit_length = raiser(ValueError)  # type: ignore[assignment]


class LoudFloat(float):
    __str__ = __repr__ = __float__ = raiser(ValueError)  # type: ignore[assignment]


class LoudList(list):  # type: ignore[type-arg]
    __iter__ = __len__ = __getitem__ = __repr__ = copy = raiser(ValueError)  # type: ignore[assignment]


class LoudTuple(tuple):  # type: ignore[type-arg]
    __iter__ = __len__ = __getitem__ = __repr__ = raiser(ValueError)  # type: ignore[assignment]


class LoudSet(set):  # type: ignore[type-arg]
    __iter__ = __len__ = __repr__ = copy = raiser(ValueError)  # type: ignore[assignment]


class LoudDict(dict):  # type: ignore[type-arg]
    items = keys = values = get = copy = raiser(ValueError)  # type: ignore[assignment]
    __iter__ = __len__ = __getitem__ = __repr__ = __contains__ = raiser(ValueError)  # type: ignore[assignment]


class LoudMapping(Mapping):  # type: ignore[type-arg]
    def __init__(self, keys: Callable[[], Iterator[Any]]) -> None:
        self._keys = keys

    def __iter__(self) -> Iterator[Any]:
        return self._keys()

    def __len__(self) -> int:
        raise ValueError("no")

    def __getitem__(self, key: Any) -> Any:
        if key == "bad":
            raise ValueError("no")
        return key


class Point(NamedTuple):
    x: int
    y: int


@dataclasses.dataclass
class Node:
    name: str
    next: Any = None


@dataclasses.dataclass(slots=True)
class Slotted:
    here: int
    missing: int = dataclasses.field(init=False)


@dataclasses.dataclass
class Failing:
    good: int = 1
    bad: int = 2

    def __getattribute__(self, name: str) -> Any:
        if name == "bad":
            raise SystemExit("no")
        return object.__getattribute__(self, name)


class Silent:
    """An object that raises at whatever it is asked, its class included."""

    __getattribute__ = __len__ = __hash__ = __eq__ = __bool__ = raiser(ValueError)  # type: ignore[assignment]
    __iter__ = __getitem__ = __contains__ = __call__ = __str__ = __format__ = raiser(ValueError)


class Liar:
    @property
    def __class__(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]  it lies
        return dict

    def __len__(self) -> int:
        return -1

    def __repr__(self) -> str:
        return "a dict, honestly"


class Meta(type):
    __repr__ = __hash__ = __eq__ = __getattribute__ = raiser(ValueError)  # type: ignore[assignment]


class Opaque(metaclass=Meta):
    pass


class Lazy:
    """What loads itself on first use; `loaded` would be True then."""

    loaded = False

    def __getattr__(self, name: str) -> Any:
        Lazy.loaded = True
        raise AttributeError(name)

    def __iter__(self) -> Iterator[int]:
        Lazy.loaded = True
        return iter([1])


def nested(depth: int, wrap: Callable[[Any], Any]) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = wrap(value)
    return value


def cycle_of_lists() -> Any:
    value: list[Any] = [1]
    value.append(value)
    return value


def cycle_of_dicts() -> Any:
    value: dict[str, Any] = {"a": {}}
    value["a"]["b"] = value
    return value


def cycle_of_objects() -> Any:
    node = Node("a")
    node.next = [node]
    return node


def shared() -> Any:
    part = {"a": 1}
    return [part, part, {"again": part}]


def moved() -> Any:
    value = collections.OrderedDict(a=1, b=2)
    value.move_to_end("a")
    return value


def counting() -> Any:
    value: collections.defaultdict[str, int] = collections.defaultdict(raiser(ValueError))
    value["a"] = 1
    return value


def mutating() -> Any:
    value: dict[str, Any] = {}
    value["a"] = Watched(lambda: value.update(b=1, c=2) or "mutated")
    value["z"] = 1
    return value


def twice(item: Any) -> Any:
    return [item, item]


def released() -> Any:
    view = memoryview(b"abc")
    view.release()
    return view


def closed_coroutine() -> Any:
    coroutine = asyncio.sleep(0)
    coroutine.close()
    return coroutine


def closed_socket() -> Any:
    with socket.socket() as opened:
        return opened


def dead_proxy() -> Any:
    return weakref.proxy(Node("gone"))


def long_repr() -> str:
    return "r" * 5_000_000


def endless_repr() -> str:
    return endless_repr()


def generator() -> Any:
    return (item for item in [1, 2])


def unreadable(kind: str, error: str) -> str:
    return f'"{UNREADABLE.format(kind, error)}"'


WATCHED = f"{HERE}.Watched"

NUMBERS = [
    Hostile("nan", lambda: float("nan"), "null"),
    Hostile("infinities", lambda: [float("inf"), float("-inf")], "[null,null]"),
    Hostile("nan as a key", lambda: {float("nan"): 1}, '{"null":1}'),
    Hostile("negative zero", lambda: -0.0, "-0.0"),
    Hostile(
        "limits of 64 bits",
        lambda: [(1 << 64) - 1, -(1 << 63)],
        "[18446744073709551615,-9223372036854775808]",
    ),
    Hostile("an integer beyond 64 bits", lambda: [10**30], f"[{10**30}]"),
    Hostile("an integer beyond all doubles", lambda: 1 << 1023, f'"{hex(1 << 1023)}"'),
    Hostile("an integer of 5,001 digits", lambda: 10**5000, f'"{hex(10**5000)}"'),
    Hostile("a decimal", lambda: [Decimal("1.10"), Decimal("NaN")], '["1.10","NaN"]'),
    Hostile("a fraction", lambda: Fraction(1, 3), '"1/3"'),
    Hostile("a complex number", lambda: 1 + 2j, '"(1+2j)"'),
]

TEXTS = [
    Hostile("a lone surrogate", lambda: "caf\udce9", '"caf\\\\udce9"'),
    Hostile("a lone surrogate in a key", lambda: {"\ud800": 1}, '{"\\\\ud800":1}'),
    Hostile(
        "keys that differ in a surrogate alone",
        lambda: {"\ud800": 1, "\\ud800": 2},
        '{"\\\\ud800":1,"\\\\ud800 (str)":2}',
    ),
    Hostile("a file name that is not UTF-8", lambda: pathlib.PurePosixPath("/a/\udcff"), '"/a/\\\\udcff"'),
    Hostile("control characters", lambda: "\x00\x1f\x7f\u2028", '"\\u0000\\u001f\x7f\u2028"'),
    Hostile("10 MB of text", lambda: "x" * 10_000_000),
    Hostile("a key of 10 MB", lambda: {"k" * 10_000_000: 1, "other": 2}),
    Hostile("text full of quotes", lambda: '"\n\\' * 500_000),
    Hostile("text of four-byte characters", lambda: "😀" * 500_000),
]

BYTES = [
    Hostile("bytes", lambda: b"\xff\x00", '"/wA="'),
    Hostile("a byte array and a view", lambda: [bytearray(b"ab"), memoryview(b"ab")], '["YWI=","YWI="]'),
    Hostile("a released view", released, unreadable("memoryview", "ValueError")),
    Hostile("many bytes", lambda: bytes(10_000_000), '"[spanscore: 10,000,000 bytes]"'),
    Hostile("an array", lambda: array.array("i", [1, 2]), "[1,2]"),
]

KEYS = [
    Hostile("a tuple as a key", lambda: {("a", 1): 2}, '{"[\\"a\\",1]":2}'),
    Hostile(
        "keys of many kinds", lambda: {2: 1, None: 2, True: 3, 0.5: 4}, '{"2":1,"null":2,"true":3,"0.5":4}'
    ),
    Hostile("keys that collide", lambda: {1: "int", "1": "str"}, '{"1":"int","1 (str)":"str"}'),
    Hostile(
        "keys that collide again", lambda: {"1": 1, "1 (int)": 2, 1: 3}, '{"1":1,"1 (int)":2,"1 (int) 2":3}'
    ),
    Hostile("an enum as a key", lambda: {Colour.RED: 1}, '{"red":1}'),
    Hostile("bytes as a key", lambda: {b"ab": 1}, '{"YWI=":1}'),
    Hostile("an object as a key", lambda: {Watched(): 1}, '{"watched":1}'),
    Hostile(
        "a raising object as a key",
        lambda: {Watched(raiser(SystemExit)): 1},
        f'{{"{UNREADABLE.format(WATCHED, "SystemExit")}":1}}',
    ),
    Hostile("our own key", lambda: {"[spanscore]": 1}, '{"[spanscore]":1}'),
]

SUBCLASSES = [
    Hostile("a str subclass that raises", lambda: [LoudStr("a")], '["a"]'),
    Hostile("a str subclass as a key", lambda: {LoudStr("a"): 1}, '{"a":1}'),
    Hostile("an int subclass that raises", lambda: LoudInt(5), "5"),
    Hostile("a float subclass that raises", lambda: LoudFloat(0.5), "0.5"),
    Hostile("a list subclass that raises", lambda: LoudList([1]), "[1]"),
    Hostile("a tuple subclass that raises", lambda: LoudTuple((1,)), "[1]"),
    Hostile("a set subclass that raises", lambda: LoudSet({1}), "[1]"),
    Hostile("a dict subclass that raises", lambda: LoudDict(a=1), '{"a":1}'),
    Hostile("a default dict", counting, '{"a":1}'),
    Hostile("an ordered dict", moved, '{"b":2,"a":1}'),
    Hostile("a counter", lambda: collections.Counter("aab"), '{"a":2,"b":1}'),
    Hostile("a named tuple", lambda: Point(1, 2), '{"x":1,"y":2}'),
    Hostile(
        "enums", lambda: [Colour.RED, Colour.MANY, Level.HIGH, Flavour.SWEET], '["red",["red",1],3,"sweet"]'
    ),
]

COLLECTIONS = [
    Hostile("a set of many kinds", lambda: {"b", 1, None, ("a", 2), "a"}, '["a","b",1,["a",2],null]'),
    Hostile("a frozen set of enums", lambda: frozenset(Colour), '["red",["red",1]]'),
    Hostile("a deque", lambda: collections.deque([3, 1], maxlen=2), "[3,1]"),
    Hostile("a range", lambda: range(10**12), '"range(0, 1000000000000)"'),
    Hostile(
        "views of a dict",
        lambda: [{"a": 1}.keys(), {"a": 1}.values(), {"a": 1}.items()],
        '[["a"],[1],[["a",1]]]',
    ),
    Hostile("a mapping proxy", lambda: types.MappingProxyType({"a": 1}), '{"a":1}'),
    Hostile(
        "user collections",
        lambda: [collections.UserDict(a=1), collections.UserList([1]), collections.UserString("a")],
        '[{"a":1},[1],"a"]',
    ),
    Hostile("a chain of maps", lambda: collections.ChainMap({"a": 1}, {"a": 2, "b": 3}), '{"a":1,"b":3}'),
    Hostile(
        "a mapping with a raising value",
        lambda: LoudMapping(lambda: iter(["a", "bad"])),
        f'{{"a":"a","bad":{unreadable(f"{HERE}.LoudMapping", "ValueError")}}}',
    ),
    Hostile(
        "a mapping that raises",
        lambda: LoudMapping(raiser(SystemExit)),
        unreadable(f"{HERE}.LoudMapping", "SystemExit"),
    ),
    Hostile("a mapping without end", lambda: LoudMapping(itertools.count)),
]

VALUES = [
    Hostile(
        "dates and times",
        lambda: [
            datetime.datetime(2024, 2, 29, 1, 2, 3, tzinfo=datetime.timezone.utc),
            datetime.date(2024, 2, 29),
            datetime.time(1, 2),
            datetime.timedelta(days=1, seconds=2),
        ],
        '["2024-02-29T01:02:03+00:00","2024-02-29","01:02:00","1 day, 0:00:02"]',
    ),
    Hostile("a UUID", lambda: uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
    Hostile(
        "an exception",
        lambda: [ValueError("bad"), KeyboardInterrupt()],
        '["ValueError: bad","KeyboardInterrupt"]',
    ),
    Hostile(
        "an exception that raises",
        lambda: ValueError(Watched(raiser(SystemExit))),
        unreadable("ValueError", "SystemExit"),
    ),
    Hostile("classes", lambda: [int, Point], f"[\"<class 'int'>\",\"<class '{HERE}.Point'>\"]"),
    Hostile(
        "functions",
        lambda: [twice, len, functools.partial(twice, 1)],
        '["<function twice>","<built-in function len>","functools.partial(<function twice>, 1)"]',
    ),
    Hostile("a module", lambda: types.ModuleType("mod"), "\"<module 'mod'>\""),
    Hostile("constants", lambda: [..., NotImplemented], '["Ellipsis","NotImplemented"]'),
    Hostile("a dataclass", lambda: Node("a", Node("b")), '{"name":"a","next":{"name":"b","next":null}}'),
    Hostile(
        "a dataclass with an unset slot",
        lambda: Slotted(1),
        f'{{"here":1,"missing":{unreadable(f"{HERE}.Slotted", "AttributeError")}}}',
    ),
    Hostile(
        "a dataclass with a raising field",
        Failing,
        f'{{"good":1,"bad":{unreadable(f"{HERE}.Failing", "SystemExit")}}}',
    ),
    Hostile("a plain object", lambda: Lazy(), f'"<{HERE}.Lazy>"'),
]

MACHINERY = [
    Hostile("a lock", threading.Lock, '"<unlocked _thread.lock object>"'),
    Hostile("a closed socket", closed_socket),
    Hostile("a coroutine", closed_coroutine, '"<coroutine object sleep>"'),
    Hostile("a generator", generator, '"<generator object generator.<locals>.<genexpr>>"'),
    Hostile("an iterator", lambda: iter([1, 2]), '"<list_iterator>"'),
    Hostile("a map without end", lambda: map(str, itertools.count())),
    Hostile("a stream", lambda: io.StringIO("unread"), '"<_io.StringIO>"'),
    Hostile("a weak reference", lambda: weakref.ref(Node("gone")), '"<weakref; dead>"'),
    Hostile("a dead proxy", dead_proxy),
    Hostile("a context variable", lambda: contextvars.ContextVar("v"), None),
    Hostile("a mock", lambda: Mock(name="m")),
    Hostile("a magic mock", lambda: {"m": MagicMock(spec=dict)}),
]

OBJECTS = [
    Hostile("an object that raises at everything", Silent, f'"<{HERE}.Silent>"'),
    Hostile("an object that lies about its class", Liar, '"a dict, honestly"'),
    Hostile(
        "an object of a raising metaclass",
        lambda: [Opaque(), Opaque],
        f"[{unreadable(f'{HERE}.Opaque', 'ValueError')},{unreadable(f'{HERE}.Meta', 'ValueError')}]",
    ),
    Hostile("a repr that raises", lambda: Watched(raiser(ValueError)), unreadable(WATCHED, "ValueError")),
    Hostile(
        "a repr that exits",
        lambda: [Watched(raiser(SystemExit)), 1],
        f"[{unreadable(WATCHED, 'SystemExit')},1]",
    ),
    Hostile(
        "a repr that cancels",
        lambda: Watched(raiser(asyncio.CancelledError)),
        unreadable(WATCHED, "asyncio.exceptions.CancelledError"),
    ),
    Hostile(
        "a repr that runs out of memory",
        lambda: Watched(raiser(MemoryError)),
        unreadable(WATCHED, "MemoryError"),
    ),
    Hostile(
        "a repr that recurses for ever", lambda: Watched(endless_repr), unreadable(WATCHED, "RecursionError")
    ),
    Hostile("a repr that is no string", lambda: Watched(lambda: 5), unreadable(WATCHED, "TypeError")),
    Hostile("a repr with a lone surrogate", lambda: Watched(lambda: "\ud800"), '"\\\\ud800"'),
    Hostile("a repr that is a raising str", lambda: Watched(lambda: LoudStr("a")), '"a"'),
    Hostile("a repr of 5 MB", lambda: Watched(long_repr)),
    Hostile("a repr that changes what holds it", mutating, '{"a":"mutated","z":1}'),
    Hostile("the same object many times", lambda: twice(Watched()), '["watched","watched"]'),
]

SHAPES = [
    Hostile("a cycle of lists", cycle_of_lists, '[1,"[spanscore: cycle]"]'),
    Hostile("a cycle of dicts", cycle_of_dicts, '{"a":{"b":"[spanscore: cycle]"}}'),
    Hostile("a cycle of objects", cycle_of_objects, '{"name":"a","next":["[spanscore: cycle]"]}'),
    Hostile("parts in several places", shared, '[{"a":1},{"a":1},{"again":{"a":1}}]'),
    Hostile("lists 250 deep", lambda: nested(250, lambda v: [v]), "[" * 250 + "0" + "]" * 250),
    Hostile("lists 100,000 deep", lambda: nested(100_000, lambda v: [v])),
    Hostile("dicts 100,000 deep", lambda: nested(100_000, lambda v: {"a": v})),
    Hostile("objects 10,000 deep", lambda: nested(10_000, lambda v: Node("n", v))),
    Hostile("a small graph that unfolds", lambda: nested(200, lambda v: [v] * 10)),
    Hostile("a graph of dicts that unfolds", lambda: nested(200, lambda v: {"a": v, "b": v})),
    Hostile("100,000 keys", lambda: {f"key {i}": Decimal(i) for i in range(100_000)}),
    Hostile("a million items", lambda: list(range(1_000_000))),
    Hostile("a million NaNs in a tuple", lambda: (float("nan"),) * 1_000_000),
    Hostile(
        "200 large messages", lambda: [{"role": "user", "content": "word " * 20_000} for _ in range(200)]
    ),
]

HOSTILE = NUMBERS + TEXTS + BYTES + KEYS + SUBCLASSES + COLLECTIONS + VALUES + MACHINERY + OBJECTS + SHAPES
"""All cases."""

LARGE = {
    "10 MB of text",
    "a key of 10 MB",
    "text full of quotes",
    "text of four-byte characters",
    "many bytes",
    "a mapping without end",
    "a map without end",
    "a range",
    "lists 100,000 deep",
    "dicts 100,000 deep",
    "objects 10,000 deep",
    "a small graph that unfolds",
    "a graph of dicts that unfolds",
    "a repr of 5 MB",
    "100,000 keys",
    "a million items",
    "a million NaNs in a tuple",
    "200 large messages",
}
"""Values that take a moment each: they go through one entry."""
