"""What is accepted as an argument; what is not is shown by test_settings.py, argument by argument."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spanscore._config import _accepted as accepted
from spanscore.errors import ConfigError

pytestmark = pytest.mark.core
CHOICES = ("one", "two", "three")

ACCEPTED: dict[str, tuple[Callable[..., Any], Any, dict[str, Any], Any]] = {
    "text": (accepted.text, " x ", {}, " x "),
    "folder as text": (accepted.folder, "/x", {}, Path("/x")),
    "folder": (accepted.folder, Path("/x"), {}, Path("/x")),
    "address": (accepted.url, " https://u:p@h:1/x// ", {}, "https://u:p@h:1/x"),
    "address of an IPv6 host": (accepted.url, "http://[::1]:8000", {}, "http://[::1]:8000"),
    "address in capitals": (accepted.url, "HTTPS://HOST", {}, "HTTPS://HOST"),
    "key": (accepted.key, "!sk-1~", {}, "!sk-1~"),
    "key of a line": (accepted.key, " sk-1\n", {}, "sk-1"),
    "flag": (accepted.flag, False, {}, False),
    "whole": (accepted.whole, -1, {"least": -1}, -1),
    "seconds": (accepted.seconds, 0.5, {}, 0.5),
    "whole seconds": (accepted.seconds, 1, {}, 1),
    "choice": (accepted.choice, "two", {"choices": CHOICES}, "two"),
    "list": (accepted.some, ["two", "one", "two"], {"choices": CHOICES}, ("two", "one")),
    "tuple": (accepted.some, (), {"choices": CHOICES}, ()),
    "set": (accepted.some, {"two"}, {"choices": CHOICES}, ("two",)),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str) -> None:
    check, value, options, expected = ACCEPTED[name]
    assert check("x", value, **options) == expected


@pytest.mark.parametrize(
    "address", ["http://h:x", "http://[h", "http://a b", "http://h\x00", "http://:80", "x"]
)
def test_no_address(address: str) -> None:
    with pytest.raises(ConfigError, match="give a URL that begins with"):
        accepted.url("x", address)


def test_what_is_shown_may_be_other_than_what_is_checked() -> None:
    with pytest.raises(ConfigError, match=r"^x is 'Four'; give one, two or three$"):
        accepted.choice("x", "four", CHOICES, shown="Four")
    with pytest.raises(ConfigError, match=r"^x is 'Four, '; give one or more of one, two, three"):
        accepted.some("x", ["four"], CHOICES, shown="Four, ")
