"""What is instrumented in this process: patched now, or as soon as it is imported."""

import logging
import sys
import threading
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec
from typing import Any

from wrapt import register_post_import_hook

from spanscore import tracing
from spanscore.errors import InstrumentError

_logger = logging.getLogger("spanscore")
_patching = tracing.quietly("instrumenting a package")


class Registry:
    """Patches the packages of `providers`, a table of names and the imports that each waits for.

    Nothing is imported for it: what the program has not imported yet is patched right after its import. Both
    adding and removing can be repeated.
    """

    def __init__(self, providers: Mapping[str, str], home: str) -> None:
        self._providers = providers
        self._home = home
        self._wanted: set[str] = set()
        self._hooked: set[str] = set()
        self._undo: dict[str, Callable[[], None]] = {}
        # Reentrant: patching imports our module of the provider, which may import what another one waits for.
        self._lock = threading.RLock()

    def add(self, name: str) -> None:
        """Instrument `name`. Raises InstrumentError if it is unknown or of a version that is too old."""
        trigger = self._trigger(name)
        # Not while the lock is held: another thread may be importing it, which comes for the lock at its end.
        provider = self._provider(name) if trigger in sys.modules else None
        with self._lock:
            self._wanted.add(name)
            if provider is not None:
                self._patch(name, provider)
                return
            is_hooked = name in self._hooked
            self._hooked.add(name)
        if not is_hooked:
            register_post_import_hook(lambda _module: self._imported(name), trigger)

    def add_if_supported(self, name: str) -> None:
        """The same, but a version that is not supported is left alone and said in the log."""
        with _patching:
            try:
                self.add(name)
            except InstrumentError as error:
                _logger.warning("%s is not recorded: %s", name, error)

    def remove(self, name: str) -> None:
        """Undo what `add` did; what is not instrumented stays as it is."""
        self._trigger(name)
        with self._lock:
            self._wanted.discard(name)
            undo = self._undo.pop(name, None)
        if undo is not None:
            undo()

    def is_installed(self, name: str) -> bool:
        """Whether what `name` waits for can be imported; finds that out without importing it."""
        trigger = self._trigger(name)
        return trigger in sys.modules or _can_be_imported(trigger)

    def _imported(self, name: str) -> None:
        if name in self._wanted:
            self.add_if_supported(name)

    def _provider(self, name: str) -> Any:
        """Our module of the provider. Raises InstrumentError if the package lacks what it is about."""
        try:
            # Waits where another thread is importing it, which then imports our module at its end.
            import_module(self._providers[name])
            return import_module(f"{self._home}.{name}")
        except (ImportError, AttributeError) as error:
            self._wanted.discard(name)
            raise InstrumentError(f"{name} is of a version that cannot be recorded: {error}") from error

    def _patch(self, name: str, provider: Any) -> None:
        if name in self._undo:
            return
        try:
            self._undo[name] = provider.patch()
        except InstrumentError:
            self._wanted.discard(name)
            raise

    def _trigger(self, name: str) -> str:
        trigger = self._providers.get(name)
        if trigger is None:
            known = ", ".join(sorted(self._providers))
            raise InstrumentError(
                f"there is nothing to instrument that is called {name!r}; give one of {known}"
            )
        return trigger


def _can_be_imported(name: str) -> bool:
    """Whether there is such a module. `find_spec` alone would import the packages that it is in."""
    top, *rest = name.split(".")
    try:
        spec = find_spec(top)
        for part in rest:
            if spec is None:
                return False
            top = f"{top}.{part}"
            spec = PathFinder.find_spec(top, spec.submodule_search_locations)
    except (ImportError, ValueError):
        return False
    return spec is not None
