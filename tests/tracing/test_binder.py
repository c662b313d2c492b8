"""Arguments of a call as named values."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.tracing._binder import compile_binder

pytestmark = pytest.mark.core
SENTINEL = object()


def plain(a: Any, b: Any = 2) -> None: ...
def starred(a: Any, *rest: Any, key: Any = SENTINEL, **more: Any) -> None: ...
def positional_only(a: Any, b: Any = 1, /, c: Any = 3) -> None: ...
def keyword_only(*, a: Any, b: Any = 2) -> None: ...
def nothing() -> None: ...
def with_odd_names(_: Any, spanscore_default_0: Any = 5, print: Any = 6) -> None: ...


FUNCTIONS = [plain, starred, positional_only, keyword_only, nothing, with_odd_names]


def reference(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any] | None:
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except TypeError:
        return None
    bound.apply_defaults()
    return dict(bound.arguments)


@given(
    function=st.sampled_from(FUNCTIONS),
    args=st.lists(st.integers(), max_size=4),
    kwargs=st.dictionaries(
        st.sampled_from(["a", "b", "c", "key", "other", "print"]), st.integers(), max_size=3
    ),
)
def test_binder_agrees_with_the_signature(
    function: Callable[..., Any], args: list[int], kwargs: dict[str, Any]
) -> None:
    expected = reference(function, tuple(args), kwargs)
    try:
        bound = dict(compile_binder(function)(*args, **kwargs))
    except TypeError:
        bound = None
    assert bound == expected


class Greeter:
    def greet(self, name: str) -> None: ...

    @classmethod
    def make(cls, name: str) -> None: ...


def test_receiver_is_left_out() -> None:
    assert compile_binder(Greeter.greet)(Greeter(), "Ada") == {"name": "Ada"}
    assert compile_binder(Greeter.make.__func__)(Greeter, name="Ada") == {"name": "Ada"}


def test_default_is_passed_by_reference() -> None:
    assert compile_binder(starred)(1)["key"] is SENTINEL


def test_callable_without_signature_gives_positions_and_keywords() -> None:
    assert compile_binder(dict)(1, a=2) in ({"args": (1,), "kwargs": {"a": 2}},)
