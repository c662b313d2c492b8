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
_patching = tracing.quietly("instrumenting a package as it was imported")


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
        with self._lock:
            self._wanted.add(name)
            if trigger in sys.modules:
                self._patch(name)
            elif name not in self._hooked:
                self._hooked.add(name)
                register_post_import_hook(lambda _module: self._imported(name), trigger)

    def add_if_supported(self, name: str) -> None:
        """The same, but a version that is not supported is left alone and said in the log."""
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
        with _patching, self._lock:
            if name in self._wanted:
                self.add_if_supported(name)

    def _patch(self, name: str) -> None:
        if name in self._undo:
            return
        provider: Any = import_module(f"{self._home}.{name}")
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
