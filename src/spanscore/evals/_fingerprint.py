"""The fingerprint of a task or scorer: equal in two processes if its code is."""

import functools
from enum import Enum
from hashlib import blake2b
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Final, cast

from spanscore.evals._references import (
    CONTAINERS,
    SCALARS,
    attributes,
    file_of,
    is_library,
    references,
    wrapped,
)
from spanscore.tracing import quietly

_DIGEST_BYTES: Final = 8
_MOST_PARTS: Final = 20_000
"""How much of what a function refers to is read."""

_DEEPEST: Final = 40
_PLAIN: Final = (*SCALARS, *CONTAINERS)
_TEXTS_AND_NUMBERS: Final = (str, bytes, int, float)
_CALLABLE: Final = (FunctionType, MethodType, functools.partial)
_TAKING: Final = quietly("taking the fingerprint of a task or scorer")


def fingerprint(function: Any) -> str:
    """16 hexadecimal digits that stay the same from run to run and change with the function.

    What counts is the bytecode with its constants, defaults and parameters; what a `partial` binds; of a
    bound method or an object with `__call__` or `eval` the methods of its class and its plain attributes;
    and, as far as they are the user's own code, what it refers to by name: functions, classes, numbers,
    texts, tuples and frozen dataclasses of the module, of a surrounding function or of a module that is
    imported at the top (`helpers.answer`), and lists and dicts under a name in capitals. Comments and layout
    do not count.

    It does not see what the function itself imports or looks up by a text, what is in lists and dicts under
    other names, in other objects, in files, in a library or behind a server. Another minor version of Python
    has other bytecode.

    >>> fingerprint(lambda output: output == 1) == fingerprint(lambda output: output == 1)
    True
    >>> fingerprint(lambda output: output == 1) == fingerprint(lambda output: output == 2)
    False
    """
    reading = _Reading()
    with _TAKING:
        reading.callable(function)
    return reading.digest()


class _Reading:
    """Feeds what a function consists of to a hash, each thing once."""

    def __init__(self) -> None:
        self._hash = blake2b(digest_size=_DIGEST_BYTES)
        self._seen: dict[int, Any] = {}
        self._parts = 0
        self._depth = 0

    def digest(self) -> str:
        return self._hash.hexdigest()

    def callable(self, given: Any) -> None:
        """The task or scorer itself, whoever wrote it."""
        below = wrapped(given)
        if isinstance(given, functools.partial):
            bound = cast("functools.partial[Any]", given)
            self._say("partial")
            self.callable(bound.func)
            self.value(bound.args)
            self.value(bound.keywords)
        elif isinstance(given, MethodType):
            self._function(given.__func__)
            self.callable(given.__self__)
        elif below is not None and is_library(_file_of_code(given)):
            self.callable(below)  # a library's decorator, in whatever version
        elif isinstance(given, FunctionType):
            self._function(given)
        elif isinstance(given, type):
            self._class(cast("type[Any]", given), whole=True)
        elif isinstance(given, (BuiltinFunctionType, ModuleType)):
            self._say("builtin", given.__name__)
        else:
            self._object(given)

    def value(self, value: Any) -> None:
        """A value that the function holds or refers to."""
        self._depth += 1
        if self._depth <= _DEEPEST and self._parts < _MOST_PARTS:
            self._value(value)
        self._depth -= 1

    def _value(self, value: Any) -> None:
        kind = cast("type[Any]", type(value))
        if issubclass(kind, Enum):
            self._say("member", kind.__qualname__, value.name)
        elif kind in SCALARS:
            self._say(kind.__name__, repr(value))
        elif issubclass(kind, _TEXTS_AND_NUMBERS):
            plain = next(each for each in kind.__mro__ if each in _TEXTS_AND_NUMBERS)
            self._say(kind.__qualname__, plain.__repr__(value))
        elif kind is CodeType:
            self._code(value)
        elif kind in CONTAINERS:
            self._container(value, kind)
        elif _is_record(kind):
            self._record(value, kind)
        elif kind in _CALLABLE or wrapped(value) is not None:
            self._reference(value)
        elif issubclass(kind, type) and not is_library(file_of(value)):
            self._class(value, whole=False)
        else:
            self._say("other", kind.__qualname__, value.__qualname__ if issubclass(kind, type) else "")

    def _reference(self, function: Any) -> None:
        """A function that is referred to: the user's own by its code, another by its name."""
        if isinstance(function, FunctionType) and is_library(_file_of_code(function)):
            self._say("library", function.__module__, function.__qualname__)
        else:
            self.callable(function)

    def _container(self, value: Any, kind: type[Any]) -> None:
        # Not so tuples: equal ones are one object or two as the compiler pleases.
        if kind in (list, set, dict) and not self._is_new(value):
            return
        self._say(kind.__name__, str(len(value)))
        if kind is dict:
            pairs = cast("dict[Any, Any]", value).items()
            self._unordered(list(pairs))
        elif kind in (set, frozenset):
            self._unordered(list(value))
        else:
            for element in value:
                self.value(element)

    def _record(self, value: Any, kind: type[Any]) -> None:
        """The fields of what nobody can change; without lists, sets and dicts, which programs may fill."""
        self._say("record", kind.__qualname__)
        found = value._asdict() if issubclass(kind, tuple) else attributes(value)
        for name, part in found.items():
            if type(part) not in (list, set, dict):
                self._say(name)
                self.value(part)

    def _unordered(self, elements: list[Any]) -> None:
        """By the digests of the elements: sets of texts have another order in each process."""
        digests: list[str] = []
        if len(elements) > _MOST_PARTS:
            return
        for element in elements:
            apart = _Reading()
            apart._depth, apart._parts = self._depth, self._parts
            apart.value(element)
            self._parts = apart._parts
            digests.append(apart.digest())
        self._say("set", *sorted(digests))

    def _function(self, function: FunctionType) -> None:
        if not self._is_new(function):
            return
        self._say("function")
        self._code(function.__code__)
        self.value(function.__defaults__)
        self.value(function.__kwdefaults__)
        for name, value in references(function):
            self._say("name", name)
            self.value(value)

    def _code(self, code: CodeType) -> None:
        parameters = code.co_argcount + code.co_kwonlyargcount
        self._say("code", str(code.co_argcount), str(code.co_kwonlyargcount), *code.co_varnames[:parameters])
        self._say("names", *code.co_names)
        self._hash.update(code.co_code)
        for constant in code.co_consts:
            self.value(constant)

    def _class(self, kind: type[Any], *, whole: bool) -> None:
        """Methods and plain attributes of a class and of those above it; `whole` takes a library's too."""
        if not self._is_new(kind):
            return
        for each in kind.__mro__:
            if each is object or (is_library(file_of(each)) and not whole):
                continue
            self._say("class", each.__qualname__)
            for name, value in sorted(vars(each).items()):
                self._member(name, value)

    def _member(self, name: str, value: Any) -> None:
        plain: Any = getattr(value, "__func__", None) or getattr(value, "fget", None) or value
        if isinstance(plain, FunctionType):
            self._say("method", name)
            self._function(plain)
        elif not name.startswith("__") and type(plain) in _PLAIN:
            self._say("attribute", name)
            self.value(plain)

    def _object(self, given: Any) -> None:
        if not self._is_new(given):
            return
        if (below := wrapped(given)) is not None:
            self.callable(below)
        self._class(cast("type[Any]", type(given)), whole=True)
        for name, value in sorted(attributes(given).items()):
            if type(value) in _PLAIN:
                self._say("attribute", name)
                self.value(value)
            elif isinstance(value, _CALLABLE):
                self._say("attribute", name)
                self.callable(value)

    def _is_new(self, thing: Any) -> bool:
        """Whether it is met for the first time; kept, so that nothing else gets its id."""
        if id(thing) in self._seen:
            self._say("again")
            return False
        self._seen[id(thing)] = thing
        return True

    def _say(self, *texts: str) -> None:
        self._parts += 1
        for text in texts:
            data = text.encode("utf-8", "surrogatepass")
            self._hash.update(b"%d:" % len(data))
            self._hash.update(data)


def _is_record(kind: type[Any]) -> bool:
    """Whether it is a named tuple or a frozen dataclass."""
    if tuple in kind.__mro__:
        return hasattr(kind, "_asdict")
    parameters: Any = getattr(kind, "__dataclass_params__", None)
    return parameters is not None and parameters.frozen


def _file_of_code(given: Any) -> str:
    """Where the code of a function is from; what has none is written in C."""
    return given.__code__.co_filename if isinstance(given, FunctionType) else "<frozen"
