"""Functions of a provider's package that are replaced until that is undone."""

from typing import Any, Final, cast

_MISSING: Final = object()


class Patch:
    """Attributes of classes and modules that are replaced together, and put back together.

    Where somebody else has put their own above a replacement, `undo` leaves it in place, since theirs calls
    it: a replacement looks at `is_on` and only passes the call on when that is False.
    """

    def __init__(self) -> None:
        self.is_on = True
        self._replaced: list[tuple[Any, str, Any, Any]] = []

    def replace(self, owner: Any, name: str, replacement: Any) -> None:
        """Set the attribute `name` of `owner`, remembering what it had of its own."""
        own: Any = cast("dict[str, Any]", vars(owner)).get(name, _MISSING)
        setattr(owner, name, replacement)
        self._replaced.append((owner, name, own, replacement))

    def undo(self) -> None:
        """Put everything back; a second time does nothing."""
        self.is_on = False
        while self._replaced:
            owner, name, own, replacement = self._replaced.pop()
            if cast("dict[str, Any]", vars(owner)).get(name) is not replacement:
                continue
            if own is _MISSING:
                delattr(owner, name)
            else:
                setattr(owner, name, own)
