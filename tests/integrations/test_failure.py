"""An exception gives the status and the provider's id of the request, if it has them."""

from typing import Any

import pytest

from spanscore.integrations._failure import http_error

pytestmark = pytest.mark.core


class Response:
    def __init__(self, headers: Any) -> None:
        self.headers = headers


def error(**fields: Any) -> Exception:
    made = Exception("no")
    for name, value in fields.items():
        setattr(made, name, value)
    return made


ERRORS: dict[str, tuple[Exception, dict[str, Any]]] = {
    "nothing": (error(), {}),
    "status": (error(status_code=429), {"http.response.status_code": 429}),
    "a status that is none": (error(status_code="429", request_id=5), {}),
    "request id": (error(request_id="req_1"), {"http.response.header.x-request-id": ("req_1",)}),
    "request id in a header": (
        error(response=Response({"request-id": "req_2"})),
        {"http.response.header.x-request-id": ("req_2",)},
    ),
    "headers that are none": (error(response=Response(5)), {}),
}


@pytest.mark.parametrize("name", ERRORS)
def test_http_error(name: str) -> None:
    given, told = ERRORS[name]
    assert http_error(given) == told
