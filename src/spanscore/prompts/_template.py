"""Mustache templates, as prompts have them."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

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
        return renderer.render(template, plain)
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


def _as_it_is(text: str) -> str:
    return text


def _as_text(value: Any) -> str:
    return "" if value is None else to_json(value, max_bytes=_BUDGET, redact=False)


def _short(template: str) -> str:
    return repr(template if len(template) <= 80 else f"{template[:60]}…")
