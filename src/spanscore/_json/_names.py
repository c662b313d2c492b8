"""Classes of values and their names, read without running any code of the class or its metaclass."""

from collections.abc import Callable
from typing import Any, Final

kind_of: Final[Callable[[object], type[Any]]] = type
"""The real class of a value, whatever it says its `__class__` is."""

_MODULE: Final = type.__dict__["__module__"].__get__
_QUALNAME: Final = type.__dict__["__qualname__"].__get__
_MRO: Final = type.__dict__["__mro__"].__get__


def class_name(kind: type[Any]) -> str:
    """The class's name with its module, such as `decimal.Decimal`; builtins without one."""
    module: object = _MODULE(kind)
    name: str = _QUALNAME(kind)
    return f"{module}.{name}" if type(module) is str and module != "builtins" else name


def type_name(value: object) -> str:
    """The name of the value's real class, whatever it says its `__class__` is."""
    return class_name(kind_of(value))


def bases(kind: type[Any]) -> tuple[type[Any], ...]:
    """The class and its base classes in method resolution order, `object` left out."""
    return _MRO(kind)[:-1]
