"""The parameters of an eval: declared with defaults, given from outside, handed to the task."""

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final, cast

from spanscore.errors import ConfigError
from spanscore.prompts import Prompt, RemoteEvalParameters

_NOT_GIVEN: Final = object()


def read_parameters(declared: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of all parameters by name: those `given`, else the defaults of what is `declared`.

    `declared` is a pydantic model, a JSON schema of an object, what `load_parameters` gave, or a mapping of
    names to what each is: a pydantic model (one with the single field `value` stands for that value),
    `{"type": "model" | "prompt", "default": …}`, a JSON schema such as `{"type": "number", "default": 0}` or
    `{"type": "data", "schema": …}`, None, or a plain value, which is the default then. The value of a prompt
    is a `Prompt`, made of prompt data. Values given under other names pass through. What has neither value
    nor default is left out. Raises ConfigError for what does not fit.

    >>> read_parameters({"model": {"type": "model", "default": "small"}, "k": 3}, {"k": 5})
    {'model': 'small', 'k': 5}
    """
    values = {str(name): value for name, value in given.items()}
    if declared is None:
        return values
    if isinstance(declared, RemoteEvalParameters):
        return _by_schema(declared.schema, {**declared.data, **values})
    if _is_model(declared):
        return {**values, **_fields(_built("parameters", declared, values))}
    if not isinstance(declared, Mapping):
        raise ConfigError(
            f"parameters is a {type(declared).__name__}; "
            "give a mapping of names, a pydantic model or a JSON schema"
        )
    schema = cast("Mapping[str, Any]", declared)
    if schema.get("type") == "object" and isinstance(schema.get("properties"), Mapping):
        return _by_schema(schema, values)
    read = {
        str(name): _value(str(name), each, values.pop(str(name), _NOT_GIVEN)) for name, each in schema.items()
    }
    return {name: value for name, value in read.items() if value is not _NOT_GIVEN} | values


def declared_names(declared: Any) -> list[str] | None:
    """The names that values may be given under; None if that is every name.

    >>> declared_names({"model": {"type": "model", "default": "small"}, "k": 3})
    ['model', 'k']
    """
    if isinstance(declared, RemoteEvalParameters):
        declared = declared.schema or None
    if _is_model(declared):
        return None if declared.model_config.get("extra") == "allow" else _names_and_aliases(declared)
    if not isinstance(declared, Mapping):
        return None
    schema = cast("Mapping[str, Any]", declared)
    if schema.get("type") == "object" and isinstance(schema.get("properties"), Mapping):
        is_open = schema.get("additionalProperties") or schema.get("patternProperties")
        return None if is_open else list(schema["properties"])
    return list(map(str, schema))


def _names_and_aliases(model: Any) -> list[str]:
    fields = _field_names(model)
    aliases = (alias for field in fields.values() for alias in (field.alias, field.validation_alias))
    return list(dict.fromkeys([*fields, *(alias for alias in aliases if isinstance(alias, str))]))


def _value(name: str, declared: Any, given: Any) -> Any:
    """The value of one parameter; _NOT_GIVEN if there is none."""
    if _is_model(declared):
        return _by_model(name, declared, given)
    if not isinstance(declared, Mapping) or "type" not in declared:
        return given if given is not _NOT_GIVEN or declared is None else cast("Any", declared)
    described = cast("Mapping[str, Any]", declared)
    schema: Any = described.get("schema", {}) if described["type"] == "data" else described
    default = described.get("default", cast("Mapping[str, Any]", schema).get("default", _NOT_GIVEN))
    value = default if given is _NOT_GIVEN else given
    if value is _NOT_GIVEN or described["type"] == "model":
        return value
    if described["type"] == "prompt":
        return None if value is None else _prompt(name, described.get("name"), value)
    _check(f"the parameter {name}", schema, value)
    return value


def _prompt(name: str, called: Any, value: Any) -> Prompt:
    """The prompt that a parameter's value is, with the name that it is declared under, else its own."""
    if isinstance(value, Prompt):
        return value
    if not isinstance(value, Mapping):
        raise ConfigError(
            f"the parameter {name} is {value!r:.100}; give the data of a prompt, such as "
            '{"prompt": {"type": "chat", "messages": […]}, "options": {"model": "…"}}'
        )
    return Prompt.from_prompt_data(str(called or name), cast("Mapping[str, Any]", value))


def _by_model(name: str, model: Any, given: Any) -> Any:
    names = list(_field_names(model))
    if names == ["value"]:
        return _built(name, model, {} if given is _NOT_GIVEN else {"value": given}).value
    if given is not _NOT_GIVEN and not isinstance(given, Mapping):
        raise ConfigError(f"the parameter {name} is {given!r}; give a mapping with {', '.join(names)}")
    return _built(name, model, {} if given is _NOT_GIVEN else given)


def _by_schema(schema: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    properties = cast("Mapping[str, Mapping[str, Any]]", schema.get("properties") or {})
    defaults = {name: each["default"] for name, each in properties.items() if "default" in each}
    merged = {**defaults, **values}
    if schema:
        _check("the parameters", schema, merged)
    prompts = (name for name, each in properties.items() if each.get("x-bt-type") == "prompt")
    return merged | {name: _prompt(name, None, merged[name]) for name in prompts if name in merged}


def _check(what: str, schema: Any, value: Any) -> None:
    """Raise ConfigError if the value does not fit the JSON schema."""
    try:
        jsonschema: Any = import_module("jsonschema")
    except ImportError:
        raise ConfigError(
            f"{what} is declared by a JSON schema, which needs jsonschema: "
            "pip install 'spanscore[jsonschema]', or declare it by a pydantic model or a plain default"
        ) from None
    try:
        jsonschema.validate(value, schema)
    except jsonschema.ValidationError as error:
        at = ".".join(map(str, error.absolute_path))
        raise ConfigError(
            f"{what} does not fit its JSON schema: {at + ': ' if at else ''}{error.message}"
        ) from None
    except jsonschema.SchemaError as error:
        raise ConfigError(
            f"{what} is declared by something that is no JSON schema: {error.message}"
        ) from None


def _is_model(declared: Any) -> bool:
    """True of a pydantic model; where nobody has imported pydantic, nothing is one."""
    base = getattr(sys.modules.get("pydantic"), "BaseModel", None)
    return base is not None and isinstance(declared, type) and issubclass(declared, base)


def _field_names(model: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", model.model_fields)


def _fields(built: Any) -> dict[str, Any]:
    return {name: getattr(built, name) for name in _field_names(type(built))}


def _built(name: str, model: Any, values: Any) -> Any:
    try:
        return model.model_validate(values)
    except ValueError as error:  # pydantic's own is one
        raise ConfigError(f"{name} does not fit {model.__name__}: {error}") from error
