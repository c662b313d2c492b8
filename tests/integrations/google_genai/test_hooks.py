"""Functions replaced in classes, modules and single objects; nothing is left of it when it is undone."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from spanscore.errors import InstrumentError
from spanscore.integrations._patch import Patch
from spanscore.integrations.google_genai._hooks import exchange_class, is_exchanged, replace_all


class Greeter:
    """Greets."""

    def greet(self, name: str) -> str:
        """A greeting."""
        return f"hello {name}"


def loudly(sender: Callable[[], Any], patch: Patch) -> Callable[..., Any]:
    def method(*args: Any) -> Any:
        answer = sender()(*args)
        return answer.upper() if patch.is_on else answer

    return method


LOUDLY = {"greet": loudly}


def test_a_class_until_it_is_undone() -> None:
    original, patch = Greeter.greet, Patch()
    greeter = Greeter()
    replace_all(patch, Greeter, LOUDLY)
    assert greeter.greet("x") == "HELLO X"
    assert (Greeter.greet.__name__, Greeter.greet.__doc__) == ("greet", "A greeting.")
    patch.undo()
    assert greeter.greet("x") == "hello x"
    assert Greeter.greet is original


def test_a_module() -> None:
    module, patch = SimpleNamespace(__name__="greetings", greet=lambda name: f"hi {name}"), Patch()
    replace_all(patch, module, LOUDLY)
    assert module.greet("x") == "HI X"
    patch.undo()
    assert module.greet("x") == "hi x"


def test_one_object_for_good() -> None:
    greeter, other = Greeter(), Greeter()
    exchange_class(greeter, LOUDLY)
    kind = type(greeter)
    exchange_class(greeter, LOUDLY)
    assert (greeter.greet("x"), other.greet("x")) == ("HELLO X", "hello x")
    assert (is_exchanged(greeter), is_exchanged(other)) == (True, False)
    assert isinstance(greeter, Greeter)
    assert type(greeter) is kind
    assert (repr(kind), kind.__doc__) == (repr(Greeter), "Greets.")


def test_what_others_replace_later_still_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    greeter = Greeter()
    exchange_class(greeter, LOUDLY)
    monkeypatch.setattr(Greeter, "greet", lambda self, name: f"bye {name}")
    assert greeter.greet("x") == "BYE X"


@pytest.mark.parametrize(
    "replace",
    [
        lambda: replace_all(Patch(), Greeter, {"gone": loudly}),
        lambda: exchange_class(Greeter(), {"gone": loudly}),
    ],
)
def test_a_function_that_is_not_there(replace: Callable[[], None]) -> None:
    with pytest.raises(InstrumentError, match="Greeter has no 'gone'"):
        replace()
