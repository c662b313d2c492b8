import time
from typing import Any

import pytest

from hostile import Watched, raiser
from spanscore._json._plain import MAX_SECONDS, Walker
from spanscore._json._tree import dump

pytestmark = pytest.mark.core


def walked(value: Any, max_nodes: int) -> str:
    return dump(Walker(max_nodes=max_nodes).walk(value)).decode()


NODES: dict[str, tuple[Any, int, str]] = {
    "enough": ([1, [2]], 3, "[1,[2]]"),
    "enough for one of many": ([[0] * 50] + [[1]] * 20, 91, f"[[{','.join('0' * 50)}]{',[1]' * 20}]"),
    "too few for the items": (list(range(10)), 6, '[0,1,"[spanscore: 7 items cut]",9]'),
    "too few for the keys": (
        dict.fromkeys("abcde", 1),
        4,
        '{"a":1,"[spanscore]":"[spanscore: 3 keys cut]","e":1}',
    ),
    "the second list gets what the first leaves": (
        [[1], list(range(9)), list(range(60))],
        60,
        '[[1],[0,1,2,3,4,5,6,7,8],[0,1,2,3,4,5,6,7,8,"[spanscore: 43 items cut]",52,53,54,55,56,57,58,59]]',
    ),
    "many children leave nodes for what is in them": (
        [[1, 2]] * 9,
        24,
        '[[1,2],[1,2],"[spanscore: 5 items cut]",[1,2],[1,2]]',
    ),
}


@pytest.mark.parametrize(("value", "max_nodes", "text"), NODES.values(), ids=NODES.keys())
def test_nodes_are_shared(value: Any, max_nodes: int, text: str) -> None:
    assert walked(value, max_nodes) == text


def test_a_slow_repr_ends_the_calls_but_not_the_reading_of_builtins() -> None:
    def slow() -> str:
        begun = time.monotonic()
        while time.monotonic() - begun <= MAX_SECONDS:
            pass
        return "slow"

    value = [Watched(slow), Watched(), {"role": "user"}, {1}, list(range(100))]
    late = f"[spanscore: {Watched.__module__}.Watched not read: out of time]"
    assert Walker(max_nodes=1000).walk(value) == ["slow", late, {"role": "user"}, [1], list(range(100))]


def test_a_value_that_is_walked_twice_is_read_once() -> None:
    Watched.calls.clear()
    value = [Watched(), Watched(raiser(ValueError)), *range(100)]
    plain = Walker(max_nodes=20).walk(value)
    assert (plain[0], len(plain), len(Watched.calls)) == ("watched", 6, 2)


def test_what_fits_is_whole_however_it_is_distributed() -> None:
    value: Any = list(range(50))
    for _ in range(6):
        value = [*([{}] * 30), value, *([{}] * 30)]
    assert Walker(max_nodes=500).walk(value) == value
