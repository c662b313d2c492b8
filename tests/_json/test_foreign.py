import json
import subprocess
import sys
from typing import Any

import pytest

from spanscore._json import to_json

attrs: Any = pytest.importorskip("attrs")
pydantic: Any = pytest.importorskip("pydantic")


class Model(pydantic.BaseModel):
    name: str
    inner: Any = None

    @pydantic.field_serializer("name")
    def shout(self, name: str) -> str:
        raise AssertionError("a serializer ran")


class Open(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")

    a: int = 1


class Root(pydantic.RootModel[list[int]]):
    pass


@attrs.define
class Shape:
    name: str
    sides: int = 3


@pydantic.dataclasses.dataclass
class Checked:
    a: int


def deviating() -> Any:
    """A model whose field has a value that its type does not allow; `model_dump` would warn."""
    return Model.model_construct(name={"not": "a str"})


READ: dict[str, tuple[Any, str]] = {
    "a pydantic model": (
        Model(name="a", inner=Model(name="b")),
        '{"name":"a","inner":{"name":"b","inner":null}}',
    ),
    "one with a deviating value": (deviating(), '{"name":{"not":"a str"},"inner":null}'),
    "one with further fields": (Open.model_validate({"b": 2}), '{"a":1,"b":2}'),
    "a root model": (Root([1, 2]), "[1,2]"),
    "a secret": (pydantic.SecretStr("hidden"), "\"SecretStr('**********')\""),
    "a URL": (pydantic.HttpUrl("http://a.b/"), '"http://a.b/"'),
    "a pydantic dataclass": (Checked(a=1), '{"a":1}'),
    "an attrs object": (Shape("box"), '{"name":"box","sides":3}'),
}


@pytest.mark.parametrize(("value", "text"), READ.values(), ids=READ.keys())
def test_values_of_other_packages(value: Any, text: str) -> None:
    assert to_json(value) == text


def test_numpy_values() -> None:
    np = pytest.importorskip("numpy")
    small = {"f": np.float32(0.5), "i": np.int64(3), "b": np.bool_(True), "a": np.array([[1, 2], [3, 4]])}
    assert to_json(small) == '{"f":0.5,"i":3,"b":true,"a":[[1,2],[3,4]]}'
    assert to_json(np.datetime64("2024-01-02")) == '"2024-01-02"'
    assert json.loads(to_json(np.zeros((1000, 1000)))) == {
        "type": "numpy.ndarray",
        "dtype": "float64",
        "shape": [1000, 1000],
        "head": [0.0] * 20,
    }


def test_pandas_values() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": range(1000), "b": "x"})
    read = json.loads(to_json({"frame": frame, "series": frame["a"]}))
    assert read["frame"]["shape"] == [1000, 2]
    assert read["frame"]["columns"] == ["a", "b"]
    assert read["frame"]["head"][:2] == [[0, "x"], [1, "x"]]
    assert read["series"]["head"][:2] == [0, 1]


def test_nothing_is_imported_to_find_out_what_a_value_is() -> None:
    program = (
        "import sys, decimal, dataclasses\n"
        "from spanscore._json import to_json\n"
        "before = set(sys.modules)\n"
        "to_json([object(), decimal.Decimal(1), {1}, ValueError()])\n"
        "print(sorted(set(sys.modules) - before))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
