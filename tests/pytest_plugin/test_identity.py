from types import SimpleNamespace
from typing import Any

import pytest

from spanscore.pytest_plugin._identity import TestIdentity

pytestmark = pytest.mark.core


def item(node_id: str, params: dict[str, Any] | None = None, **more: Any) -> Any:
    call = {} if params is None else {"callspec": SimpleNamespace(params=params)}
    return SimpleNamespace(name=node_id.rpartition("::")[2], nodeid=node_id, **call, **more)


KEYS: dict[str, tuple[Any, str]] = {
    "no parameters": (item("a.py::test"), "a.py::test"),
    "in a class": (item("a.py::TestIt::test"), "a.py::TestIt::test"),
    "plain parameters": (item("a.py::test[x0]", {"x": {"a": [1, None]}}), 'a.py::test {"x":{"a":[1,null]}}'),
    "objects, by pytest's id": (item("a.py::test[x0]", {"x": object()}), "a.py::test[x0]"),
    "an object in a list": (item("a.py::test[x0]", {"x": [object()]}), "a.py::test[x0]"),
    "repeated": (item("a.py::test[1-3]", {"__pytest_repeat_step_number": 0}), "a.py::test"),
}


@pytest.mark.parametrize(("test", "key"), KEYS.values(), ids=KEYS.keys())
def test_case_key(test: Any, key: str) -> None:
    assert TestIdentity.of(test).case_key == key


def test_trials_and_attempts() -> None:
    repeated = TestIdentity.of(item("a.py::test[a-2-3]", {"x": "a", "__pytest_repeat_step_number": 2}))
    assert (repeated.trial_index, repeated.attempt, repeated.parameters) == (2, 1, {"x": "a"})
    assert repeated.case_key == 'a.py::test {"x":"a"}'
    rerun = TestIdentity.of(item("a.py::test", execution_count=3))
    assert (rerun.trial_index, rerun.attempt) == (0, 3)
