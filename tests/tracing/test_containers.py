"""Which container is the current one."""

import contextvars
import threading
from dataclasses import dataclass

import pytest

from spanscore.tracing import CURRENT_EXPERIMENT, CURRENT_LOGGER, Current, default_parent

pytestmark = pytest.mark.core


@dataclass(frozen=True)
class Box:
    parent: str


def test_context_has_its_own_and_other_threads_find_the_last() -> None:
    current: Current[Box] = Current("test")
    assert current.get() is None
    current.set(Box("first"))
    contextvars.copy_context().run(current.set, Box("second"))
    elsewhere: list[Box | None] = []
    thread = threading.Thread(target=lambda: elsewhere.append(current.get()))
    thread.start()
    thread.join()
    assert current.get() == Box("first")
    assert elsewhere == [Box("second")]


def test_only_the_current_one_is_dropped() -> None:
    current: Current[Box] = Current("test")
    first, second = Box("first"), Box("second")
    current.set(first)
    current.drop(second)
    assert current.get() is first
    current.drop(first)
    assert current.get() is None


def test_experiment_comes_before_logger() -> None:
    assert default_parent() is None
    CURRENT_LOGGER.set(Box("project_name:bot"))
    assert default_parent() == "project_name:bot"
    CURRENT_EXPERIMENT.set(Box("experiment_id:e"))
    assert default_parent() == "experiment_id:e"
