import sys
from typing import Any

import pytest

from spanscore.errors import ConfigError
from spanscore.scorers import ValidJSON

pytestmark = pytest.mark.core

TEXTS: dict[str, tuple[Any, float]] = {
    "an object": ('{"a": 1}', 1.0),
    "a number": ("4", 1.0),
    "with space": (" [1, 2] \n", 1.0),
    "bytes": (b'{"a": 1}', 1.0),
    "a value that was read": ({"a": [1]}, 1.0),
    "nothing": (None, 1.0),
    "prose": ("Rome", 0.0),
    "an empty text": ("", 0.0),
    "JSON in a fence": ('```json\n{"a": 1}\n```', 0.0),
    "half of it": ('{"a": ', 0.0),
    "not a number": ("[NaN]", 0.0),
    "single quotes": ("{'a': 1}", 0.0),
    "two of them": ("1 2", 0.0),
    "a megabyte that ends too early": ("[" + "1," * 500_000, 0.0),
}


@pytest.mark.parametrize(("output", "score"), TEXTS.values(), ids=TEXTS.keys())
def test_without_a_schema(output: Any, score: float) -> None:
    found = ValidJSON()(output)
    assert found.score == score
    assert [error.startswith("no JSON: ") for error in found.metadata.get("errors", [])] == [True] * (
        score == 0
    )


SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def test_with_a_schema() -> None:
    pytest.importorskip("jsonschema")
    scorer = ValidJSON(SCHEMA)
    assert scorer('{"n": 1}').score == scorer({"n": 1}).score == 1.0
    assert scorer('{"n": "1"}').metadata == {"errors": ["$.n: '1' is not of type 'integer'"]}
    assert scorer("{}").metadata == {"errors": ["$: 'n' is a required property"]}
    assert scorer("Rome").score == 0.0
    assert ValidJSON(schema=False)("1").score == 0.0


def test_many_errors_are_cut() -> None:
    pytest.importorskip("jsonschema")
    found = ValidJSON({"items": {"type": "string"}})(list(range(1000)))
    assert (found.score, len(found.metadata["errors"])) == (0.0, 5)


def test_a_schema_that_is_none() -> None:
    pytest.importorskip("jsonschema")
    with pytest.raises(ConfigError, match="the schema of ValidJSON is none: 'text' is not valid"):
        ValidJSON({"type": "text"})


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    with pytest.raises(ConfigError, match="pip install jsonschema"):
        ValidJSON(SCHEMA)
    assert ValidJSON()("1").score == 1.0
