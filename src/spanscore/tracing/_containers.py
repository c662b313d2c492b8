"""The current experiment and the current logger: where spans belong that nobody placed."""

from contextvars import ContextVar
from typing import Generic, Protocol, TypeVar


class Container(Protocol):
    """Something that spans can belong to."""

    @property
    def parent(self) -> str:
        """The text of its Parent, such as "project_name:support bot"."""
        ...


C = TypeVar("C", bound=Container)


class Current(Generic[C]):
    """The container last made current in this context, else in the whole process.

    Both are wanted: a web request may have its own, and a thread started earlier should still find one.
    """

    def __init__(self, name: str) -> None:
        self._here: ContextVar[C | None] = ContextVar(f"spanscore-current-{name}", default=None)
        self._everywhere: C | None = None

    def set(self, container: C) -> None:
        """Make `container` the current one, here and for contexts that have none."""
        self._here.set(container)
        self._everywhere = container

    def get(self) -> C | None:
        """The current one, or None."""
        return self._here.get() or self._everywhere

    def clear(self) -> None:
        """Forget it, here and everywhere."""
        self._here.set(None)
        self._everywhere = None

    def drop(self, container: C) -> None:
        """Forget `container` if it is the current one."""
        if self._here.get() is container:
            self._here.set(None)
        if self._everywhere is container:
            self._everywhere = None


CURRENT_EXPERIMENT: Current[Container] = Current("experiment")
CURRENT_LOGGER: Current[Container] = Current("logger")


def default_parent() -> str | None:
    """The parent of spans that nobody placed: the current experiment's, else the current logger's."""
    container = CURRENT_EXPERIMENT.get() or CURRENT_LOGGER.get()
    return None if container is None else container.parent
