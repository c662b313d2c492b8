"""Parameters given as text, and every combination of several values of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, cast

from spanscore._json import from_json, to_json
from spanscore.errors import ConfigError


def read_parameter(text: str) -> tuple[str, Any]:
    """Name and value of "name=value": JSON if it is, else text. Raises ConfigError.

    >>> read_parameter("temperature=0.5"), read_parameter("model=gpt-5"), read_parameter('stop=["a", "b"]')
    (('temperature', 0.5), ('model', 'gpt-5'), ('stop', ['a', 'b']))
    """
    name, value = _name_and_rest(text, "model=gpt-5")
    return name, _value(value)


def read_values(text: str) -> tuple[str, tuple[Any, ...]]:
    """Name and values of "name=a,b": a JSON list, or texts and JSON between commas. Raises ConfigError.

    >>> read_values("model=small,large"), read_values('prompt=["a, b", "c"]')
    (('model', ('small', 'large')), ('prompt', ('a, b', 'c')))
    """
    name, rest = _name_and_rest(text, "model=a,b")
    whole = _value(rest)
    split = [_value(each) for each in _split(rest)]
    values = cast("list[Any]", whole) if isinstance(whole, list) else split
    if not rest or not values:
        raise ConfigError(f"{text!r} has no value for {name}; give at least one")
    return name, tuple(values)


def combinations(matrix: Iterable[tuple[str, Sequence[Any]]]) -> Iterator[dict[str, Any]]:
    """Every combination of the values, the last name changing fastest; one without any for no names.

    Raises ConfigError for a name that comes twice.

    >>> list(combinations([("model", ["small", "large"]), ("n", [1, 2])]))[1]
    {'model': 'small', 'n': 2}
    """
    names: list[str] = []
    choices: list[Sequence[Any]] = []
    for name, values in matrix:
        if name in names:
            raise ConfigError(f"--matrix gives {name} twice; give all its values at once, as {name}=a,b")
        names.append(name)
        choices.append(values)
    return (dict(zip(names, chosen, strict=True)) for chosen in product(*choices))


def combination_name(parameters: Mapping[str, Any]) -> str:
    """The combination in the name of its experiment.

    >>> combination_name({"model": "small", "n": 2})
    'model=small,n=2'
    """
    return ",".join(f"{name}={_short(value)}" for name, value in parameters.items())


def _name_and_rest(text: str, example: str) -> tuple[str, str]:
    name, sign, rest = text.partition("=")
    if not sign or not name.strip():
        raise ConfigError(f"{text!r} is no name with a value; write it like {example}")
    return name.strip(), rest.strip()


def _value(text: str) -> Any:
    try:
        return from_json(text)
    except ValueError:
        return text


def _split(text: str) -> Iterator[str]:
    """What stands between commas, those inside brackets and quotation marks aside."""
    depth, quoted, start = 0, False, 0
    for place, sign in enumerate(text):
        if sign == '"' and text[place - 1 : place] != "\\":
            quoted = not quoted
        elif not quoted and sign in "[{":
            depth += 1
        elif not quoted and sign in "]}":
            depth -= 1
        elif sign == "," and not quoted and depth == 0:
            yield text[start:place].strip()
            start = place + 1
    yield text[start:].strip()


def _short(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value)
