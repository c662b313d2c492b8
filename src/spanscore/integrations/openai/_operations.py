"""How operations on what the service keeps are described: by ids and figures, never by content."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import Fields, fields_of, json_value, plain, text
from spanscore.integrations.openai._answer import facts, items

_SPAN_TYPE: Final = "function"
"""It is the program that calls them: no model is asked, and none asks for them as it does for tools."""


def operation(
    method: str,
    path: str,
    name: str,
    *,
    asked: Callable[[Request], Mapping[str, Any]],
    answered: Callable[[Any], Mapping[str, Any]],
    decode: Callable[[bytes], Any] = json_value,
) -> Endpoint:
    """The endpoint of an operation: `asked` and `answered` give its input and output, {} for none."""
    return Endpoint(
        method=method,
        path=path,
        is_whole_path=True,
        span_name=name,
        span_type=_SPAN_TYPE,
        request=lambda request: Description(input=asked(request) or None),
        response=lambda response: Description(output=answered(response) or None),
        decode=decode,
    )


def id_in(request: Request) -> str:
    """The id in a path such as `/files/file-1/content`."""
    return request.path.partition("?")[0].split("/")[2]


def told(response: Any, *names: str) -> dict[str, Any]:
    """The fields of these names of an answer, those that say something."""
    return {name: plain(value) for name, value in facts(fields_of(response), *names).items()}


def listed(response: Any) -> Fields:
    """The ids on a page of a list, and whether another one follows."""
    page = fields_of(response)
    if not isinstance(page.get("data"), list):
        return {}
    ids = (text(fields_of(one).get("id")) for one in items(page["data"]))
    return {"ids": [found for found in ids if found], **facts(page, "has_more")}
