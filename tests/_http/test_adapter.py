"""The adapter that a program chooses carries all requests that begin from then on."""

from typing import Any

import pytest
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from http_sink import HttpSink
from spanscore._http.adapter import ADAPTER
from spanscore._http.sender import HttpSender
from spanscore._http.settings import HttpSettings

pytestmark = pytest.mark.core


class Counting(HTTPAdapter):
    """Counts what goes through it."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = 0

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send it as ever."""
        self.sent += 1
        return super().send(request, *args, **options)


def test_the_chosen_adapter_is_used_also_by_who_has_connections_already() -> None:
    adapter = Counting()
    with HttpSink() as sink:
        sender = HttpSender(HttpSettings(endpoint=sink.url))
        sender.post(b"1")
        ADAPTER.chosen = adapter
        try:
            sender.post(b"2")
        finally:
            ADAPTER.chosen = None
        sender.post(b"3")
    assert (adapter.sent, [request.body for request in sink.requests]) == (1, [b"1", b"2", b"3"])
