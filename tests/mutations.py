"""JSON that an API might send by mistake: a real answer of which parts are gone, null, or of another type."""

import copy
from typing import Any

from hypothesis import strategies as st

_STRANGE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**70,
    1.5,
    "",
    "text",
    [],
    [None],
    {},
    {"a": None},
    {"type": 5},
)

# Copied: one that is put in twice could otherwise become a part of itself.
_strange = st.sampled_from(_STRANGE).map(copy.deepcopy)


@st.composite
def mutated(draw: st.DrawFn, value: Any) -> Any:
    """`value` with up to four of its parts replaced by something strange, left out, or put in twice."""
    changed = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(changed))
        if not places:
            break
        parent, key = draw(st.sampled_from(places))
        how = draw(st.sampled_from(["replace", "remove", "add"]))
        if how == "remove":
            del parent[key]
        elif how == "add" and isinstance(parent, list):
            parent.insert(key, draw(_strange))
        else:
            parent["surprise" if how == "add" else key] = draw(_strange)
    return changed


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in `value` where something stands, as its container and the key in it."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    own = [(value, key) for key in keys]
    return own + [place for _container, key in own for place in _places(value[key])]
