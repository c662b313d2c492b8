import time
from typing import Any

import pytest

from hostile import Watched
from spanscore._json._plain import FOREIGN_SECONDS, Walker
from spanscore._json._tree import dump

pytestmark = pytest.mark.core


def walked(value: Any, max_nodes: int) -> str:
    return dump(Walker(max_nodes=max_nodes).walk(value)).decode()


NODES: dict[str, tuple[Any, int, str]] = {
    "enough": ([1, [2]], 10, "[1,[2]]"),
    "too few for the items": ([1, 2, 3, 4, 5], 3, '[1,2,"[spanscore: 2 items cut]",5]'),
    "too few for the keys": (
        {"a": 1, "b": 2, "c": 3},
        2,
        '{"a":1,"[spanscore]":"[spanscore: 1 keys cut]","c":3}',
    ),
    "the second list gets what the first leaves": ([[1], list(range(9))], 12, "[[1],[0,1,2,3,4,5,6,7,8]]"),
    "many children leave nodes for what is in them": (
        [[1, 2]] * 9,
        12,
        '[[1,2],[1,2],"[spanscore: 5 items cut]",[1,2],[1,2]]',
    ),
}


@pytest.mark.parametrize(("value", "max_nodes", "text"), NODES.values(), ids=NODES.keys())
def test_nodes_are_shared(value: Any, max_nodes: int, text: str) -> None:
    assert walked(value, max_nodes) == text


def test_a_slow_repr_ends_the_calls_but_not_the_reading_of_builtins() -> None:
    def slow() -> str:
        begun = time.monotonic()
        while time.monotonic() - begun <= FOREIGN_SECONDS:
            pass
        return "slow"

    value = [Watched(slow), Watched(), {"role": "user"}, list(range(100))]
    late = f"[spanscore: {Watched.__module__}.Watched not read: out of time]"
    assert Walker(max_nodes=1000).walk(value) == ["slow", late, {"role": "user"}, list(range(100))]
