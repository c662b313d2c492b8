"""What is replaced is put back, whoever has replaced it since."""

from typing import Any

import pytest

from spanscore.integrations._patch import Patch

pytestmark = pytest.mark.core


class Base:
    def ask(self) -> str:
        return "base"


class Own(Base):
    def tell(self) -> str:
        return "own"


def shouted(original: Any, patch: Patch) -> Any:
    return lambda self: original(self).upper() if patch.is_on else original(self)


def test_own_and_inherited_attributes_are_replaced_and_put_back() -> None:
    patch = Patch()
    before = dict(vars(Own))
    for name in ("ask", "tell"):
        patch.replace(Own, name, shouted(getattr(Own, name), patch))
    assert (Own().ask(), Own().tell(), Base().ask()) == ("BASE", "OWN", "base")
    patch.undo()
    patch.undo()
    assert dict(vars(Own)) == before
    assert (Own().ask(), Own().tell()) == ("base", "own")


def test_a_replacement_of_others_above_ours_stays_and_ours_only_passes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    patch = Patch()
    patch.replace(Own, "tell", shouted(Own.tell, patch))
    ours = Own.tell
    monkeypatch.setattr(Own, "tell", lambda self: f"({ours(self)})")
    assert Own().tell() == "(OWN)"
    patch.undo()
    assert Own().tell() == "(own)"
    monkeypatch.undo()
    Own.tell = ours
    assert Own().tell() == "own"
