"""Mustache templates, as prompts have them."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final, cast

from spanscore._json import from_json, to_json
from spanscore.errors import ConfigError, PromptError

_BUDGET: Final = 16 << 20


def render(template: str, variables: Mapping[str, Any], *, strict: bool = False) -> str:
    """The text of a mustache template with its variables filled in.

    Nothing is escaped, because a prompt is no HTML; what is no text is filled in as JSON, None as nothing. A
    variable that is missing is nothing too, or a PromptError if `strict`. Raises PromptError for a template
    that is none, ConfigError without the extra `prompts`.

    >>> render("{{greeting}}, {{#names}}{{.}} {{/names}}", {"greeting": "Hi <all>", "names": ["Ada", "Bo"]})
    'Hi <all>, Ada Bo '
    """
    if "{{" not in template:
        return template
    pystache = _pystache()
    # No partials: a template must not read files of this machine.
    missing = "strict" if strict else "ignore"
    renderer = pystache.Renderer(escape=_as_it_is, partials={}, missing_tags=missing)
    renderer.str_coerce = _as_text
    # As JSON, so that a template reaches no attribute and calls no method of what it is given.
    plain = from_json(to_json(variables, max_bytes=_BUDGET, redact=False))
    errors = import_module("pystache.common").PystacheError, import_module("pystache.parser").ParsingError
    try:
        whole = import_module("pystache.parser").parse(template, raise_on_mismatch=True)
        return renderer.render(whole, _with_indexes(plain))
    except errors as error:
        raise PromptError(
            f"the prompt cannot be built: {error}; its template is {_short(template)}"
        ) from error


def _pystache() -> Any:
    # An extra, which has no types.
    try:
        return import_module("pystache")
    except ImportError:
        raise ConfigError("building a prompt needs pystache; pip install 'spanscore[prompts]'") from None


class _Items(list[Any]):
    """A list whose items a template may name by their number, `{{names.0}}`, and nothing else of it."""

    def __getattribute__(self, name: str) -> Any:
        if name.isdecimal() and int(name) < len(self):
            return self[int(name)]
        raise AttributeError(name)


def _with_indexes(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_indexes(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return _Items(map(_with_indexes, cast("list[Any]", value)))
    return value


def _as_it_is(text: str) -> str:
    return text


def _as_text(value: Any) -> str:
    return "" if value is None else to_json(value, max_bytes=_BUDGET, redact=False)


def _short(template: str) -> str:
    return repr(template if len(template) <= 80 else f"{template[:60]}…")
