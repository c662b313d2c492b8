import json
import sys
import threading
import warnings
from collections import Counter, OrderedDict, UserDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType, SimpleNamespace
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hostile import HOSTILE, Hostile, Lazy, Watched, raiser
from spanscore._json import CREDENTIALS, REDACTED, JsonText, to_json

pytestmark = pytest.mark.core
SECRET = "hunter2-in-the-clear"


def strict(text: str) -> Any:
    """The value of JSON text by the standard library, which must not need its extensions."""

    def refuse(token: str) -> NoReturn:
        raise AssertionError(f"{token} is no JSON")

    return json.loads(text.encode("utf-8"), parse_constant=refuse)


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
def test_a_hostile_value_becomes_json_and_is_left_alone(case: Hostile) -> None:
    value = case.make()
    Watched.calls.clear()
    Lazy.loaded = False
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        text = to_json(value)
    assert caught == []
    assert max(Counter(Watched.calls).values(), default=0) <= 1
    assert not Lazy.loaded
    assert type(text) is JsonText
    strict(text)
    assert len(text.encode()) <= 1 << 20
    if case.text is not None:
        assert text == case.text


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
def test_a_hostile_value_inside_others_leaves_them_readable(case: Hostile) -> None:
    read = strict(to_json({"before": 1, "value": case.make(), "after": [2]}))
    assert (read["before"], read["after"]) == (1, [2])


@pytest.mark.parametrize("budget", [1, 2, 4, 8, 16, 64, 256, 1000])
def test_hostile_values_fit_into_small_budgets(budget: int) -> None:
    for case in HOSTILE:
        text = to_json({"input": case.make()}, max_bytes=budget)
        strict(text)
        assert len(text.encode()) <= budget, case.name


plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 64) - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children, max_size=8) | st.dictionaries(st.text(), children, max_size=8),
)

any_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.binary()
    | st.text(st.characters(categories=["Cs", "Cc"]))
    | st.decimals()
    | st.fractions()
    | st.datetimes()
    | st.complex_numbers()
    | st.uuids()
    | st.timedeltas()
    | st.builds(object),
    lambda children: (
        st.lists(children, max_size=8)
        | st.tuples(children, children)
        | st.dictionaries(
            st.text() | st.integers() | st.floats() | st.none() | st.booleans() | st.tuples(st.text()),
            children,
        )
        | st.builds(SimpleNamespace, a=children)
        | st.sets(st.integers() | st.text())
    ),
)


@given(plain_values)
def test_plain_values_are_written_as_they_are(value: Any) -> None:
    assert strict(to_json(value, redact=False)) == value


@given(plain_values, st.integers(1, 400))
def test_plain_values_are_cut_only_where_they_do_not_fit(value: Any, budget: int) -> None:
    whole = to_json(value, redact=False)
    text = to_json(value, max_bytes=budget, redact=False)
    assert len(text.encode()) <= budget
    assert (text == whole) == (len(whole.encode()) <= budget)
    strict(text)


@given(any_values, st.integers(1, 2000))
def test_any_value_becomes_json_of_the_size_allowed(value: Any, budget: int) -> None:
    text = to_json(value, max_bytes=budget)
    strict(text)
    assert len(text.encode()) <= budget


@given(st.lists(plain_values), st.booleans())
def test_the_careful_path_writes_plain_values_as_the_fast_one_does(values: list[Any], redact: bool) -> None:
    """A set makes the fast path give up."""
    assert to_json([values, {1}], redact=redact) == to_json([values, [1]], redact=redact)


@given(any_values, st.sampled_from(["password", "apiKey"]), st.text(min_size=1).filter(SECRET.__ne__))
def test_no_credential_is_written_wherever_it_is(value: Any, key: str, other: str) -> None:
    text = to_json({"a": [value, {other: [{key: SECRET}, value]}]})
    assert SECRET not in text
    assert (REDACTED in text) or "spanscore" in text
    strict(text)


CREDENTIAL_PLACES: dict[str, Callable[[Any], Any]] = {
    "an object": lambda found: found,
    "an object in a list": lambda found: [1, found],
    "an object in a tuple": lambda found: (found,),
    "one of many objects": lambda found: [*({"id": i} for i in range(2000)), found],
    "an object below one of many": lambda found: [*({"id": i} for i in range(2000)), {"a": {"b": [found]}}],
    "one of many objects of all kinds": lambda found: [*range(999), "{{{", found, *([{"id": 1}] * 999)],
    "lists in a long list": lambda found: [*([[{"a": 1}]] * 600), [[found]]],
    "long lists in a long list": lambda found: [[{"id": 1}] * 600, *([{"a": 0}] * 600), [found] * 600],
    "after text full of braces": lambda found: {"a": "{" * 99, "b": ["{"] * 600, "c": [found] * 600},
    "many keys": lambda found: {**{f"data {i}": i for i in range(1000)}, **found},
    "beside a set": lambda found: [{1}, found],
    "a dict subclass": lambda found: [OrderedDict(found), UserDict(found), MappingProxyType(found)],
}


@pytest.mark.parametrize("place", CREDENTIAL_PLACES.values(), ids=CREDENTIAL_PLACES.keys())
def test_a_credential_is_left_out(place: Callable[[Any], Any]) -> None:
    value = place({"user": "ann", "password": SECRET})
    whole = to_json(value, redact=False)
    assert strict(to_json(value)) == strict(whole.replace(SECRET, REDACTED))
    assert SECRET in whole


def test_a_credential_that_makes_a_value_too_large_is_left_out_before_it_is_cut() -> None:
    assert to_json({"password": SECRET * 1000, "n": 1}, max_bytes=100) == '{"password":"<redacted>","n":1}'


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
def test_a_hostile_value_is_left_out_whole_where_it_is_a_credential(case: Hostile) -> None:
    value = case.make()
    Watched.calls.clear()
    read = strict(to_json({"client_secret": value, "after": {"password": SECRET}, "set": {1}}))
    assert read["after"] == {"password": REDACTED}
    if not issubclass(type(value), (int, float, str, list, dict)):
        assert read["client_secret"] == REDACTED
        assert Watched.calls == []


@pytest.mark.parametrize("error", [ValueError, SystemExit])
def test_keys_that_raise_when_they_are_looked_up_are_not_looked_up(error: type[BaseException]) -> None:
    class Key:
        is_armed = False

        def __hash__(self) -> int:
            if Key.is_armed:
                raise error("no")
            return hash("password")

        __eq__ = raiser(error)  # type: ignore[assignment]

        def __repr__(self) -> str:
            return "key"

    value = {"a": [{Key(): 1, "user": 2}], "b": {"password": SECRET}}
    Key.is_armed = True
    assert to_json(value) == '{"a":[{"key":1,"user":2}],"b":{"password":"<redacted>"}}'


def test_credentials_are_left_out_of_objects_and_headers_of_bytes() -> None:
    class Field(str, Enum):
        PASSWORD = "password"

    @dataclass
    class Login:
        user: str
        password: str

    value = {
        "login": Login("ann", SECRET),
        "scope": [(b"host", b"x"), (b"Authorization", SECRET.encode())],
        b"api-key": SECRET,
        Field.PASSWORD: SECRET,
    }
    assert to_json(value) == (
        '{"login":{"user":"ann","password":"<redacted>"},"scope":[["aG9zdA==","eA=="],'
        '["QXV0aG9yaXphdGlvbg==","<redacted>"]],"YXBpLWtleQ==":"<redacted>","password":"<redacted>"}'
    )


def test_redaction_is_counted_and_can_be_off() -> None:
    value = {"password": SECRET, "also": [{"api_key": SECRET}, {"max_tokens": 5, "token": " Paris"}]}
    before = CREDENTIALS.count
    to_json(value)
    assert CREDENTIALS.count == before + 2
    to_json({**value, "many": [{1}] * 60_000})
    assert CREDENTIALS.count == before + 4
    CREDENTIALS.is_on = False
    try:
        assert SECRET in to_json(value)
        assert SECRET in to_json([value, {1}])
    finally:
        CREDENTIALS.is_on = True
    assert SECRET in to_json(value, redact=False)
    assert CREDENTIALS.count == before + 4


def test_ctrl_c_passes() -> None:
    with pytest.raises(KeyboardInterrupt):
        to_json([Watched(raiser(KeyboardInterrupt))])


def test_long_text_keeps_its_head_and_tail() -> None:
    text = strict(to_json("a" * 5000 + "b" * 5000, max_bytes=200))
    assert text == "a" * 79 + "…[spanscore: 9,842 characters cut]…" + "b" * 79


def test_all_of_many_messages_keep_their_ends() -> None:
    messages = [{"role": "user", "content": f"<{i}>" + "word " * 20_000 + f"</{i}>"} for i in range(200)]
    read = strict(to_json({"messages": messages, "model": "m"}))
    contents = [message["content"] for message in read["messages"]]
    assert [c.startswith(f"<{i}>") and c.endswith(f"</{i}>") for i, c in enumerate(contents)] == [True] * 200
    assert read["model"] == "m"
    assert min(map(len, contents)) > 5000


def test_a_long_list_says_how_many_items_are_missing() -> None:
    read = strict(to_json(list(range(1000)), max_bytes=100))
    marker = next(item for item in read if isinstance(item, str))
    assert marker == f"[spanscore: {1001 - len(read)} items cut]"
    assert (read[0], read[-1]) == (0, 999)


def test_a_wide_object_says_how_many_keys_are_missing() -> None:
    read = strict(to_json({f"k{i}": i for i in range(1000)}, max_bytes=100))
    assert read["[spanscore]"] == f"[spanscore: {1001 - len(read)} keys cut]"
    assert (read["k0"], read["k999"]) == (0, 999)


def test_items_left_out_by_the_walk_are_counted_once() -> None:
    """The walk keeps 100,000 of the objects, the budget still fewer."""
    read = strict(to_json([{1}] + [0] * 1_000_000, max_bytes=1000))
    marker = next(item for item in read if isinstance(item, str))
    assert marker == f"[spanscore: {1_000_002 - len(read):,} items cut]"


def test_it_works_close_to_the_recursion_limit() -> None:
    def dive() -> str:
        try:
            return dive()
        except RecursionError:
            return to_json({"a": [{1: {2}}]})

    limit = sys.getrecursionlimit()
    assert limit >= 1000
    strict(dive())


def test_a_dict_that_another_thread_changes_is_read() -> None:
    value: dict[int, Any] = {i: {i} for i in range(1000)}
    stop = threading.Event()

    def change() -> None:
        while not stop.is_set():
            for i in range(1000, 1100):
                value[i] = {i}
            for i in range(1000, 1100):
                del value[i]

    thread = threading.Thread(target=change)
    thread.start()
    try:
        reads = [strict(to_json({"value": value})) for _ in range(50)]
    finally:
        stop.set()
        thread.join()
    # A busy machine may cut the value short, by the budget of time; what is there is right.
    for read in reads:
        assert {key: item for key, item in read["value"].items() if item == [int(key)]}.keys() >= {"0", "1"}
