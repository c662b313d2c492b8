"""A server on loopback that answers like Anthropic's API: from a script, a recording, or with a greeting.

Run it to try an example by hand: `python tests/fake_anthropic.py` prints its URL and serves.
"""

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any

Json = dict[str, Any]

MODEL = "claude-3-haiku-20240307"
USAGE: Json = {
    "input_tokens": 5,
    "cache_creation_input_tokens": 0,
    "cache_read_input_tokens": 0,
    "output_tokens": 7,
}


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the server answers, its body in pieces that end at `cuts`.

    `is_cut` breaks the connection off where the body should go on.
    """

    status: int = 200
    content_type: str = "application/json"
    body: str | bytes = ""
    cuts: Sequence[int] = ()
    is_cut: bool = False

    def pieces(self) -> Iterator[bytes]:
        data = self.body.encode() if isinstance(self.body, str) else self.body
        edges = [0, *sorted(cut for cut in set(self.cuts) if 0 < cut < len(data)), len(data)]
        return (data[start:end] for start, end in pairwise(edges) if end > start)


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request that came in."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: Json


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that goes away is part of the tests."""


class FakeAnthropic:
    """The server, a context manager. The replies it is given are used up in order, then it greets."""

    def __init__(self, *replies: Reply) -> None:
        self.received: list[Received] = []
        self._replies = list(replies)
        self._server = _Server(("127.0.0.1", 0), self._handler_class())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL for a client."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def reply(self, *replies: Reply) -> None:
        self._replies.extend(replies)

    def forget_replies(self) -> None:
        """Leave out the replies that nobody has asked for."""
        self._replies.clear()

    def __enter__(self) -> "FakeAnthropic":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, received: Received) -> Reply:
        self.received.append(received)
        return self._replies.pop(0) if self._replies else greeting(received)

    def _handler_class(self) -> type[BaseHTTPRequestHandler]:
        answer = self._answer

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16  # head and first piece in one packet: no delayed acknowledgement in between

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                reply = answer(
                    Received(
                        method=self.command,
                        path=self.path,
                        headers={name.lower(): value for name, value in self.headers.items()},
                        body=json.loads(body or b"{}"),
                    )
                )
                self.send_response(reply.status)
                for name, value in (("request-id", "req_1"), ("retry-after-ms", "1")):
                    self.send_header(name, value)
                self.send_header("content-type", reply.content_type)
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                for piece in reply.pieces():
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                    self.wfile.flush()
                if not reply.is_cut:
                    self.wfile.write(b"0\r\n\r\n")
                self.close_connection = self.close_connection or reply.is_cut

            do_GET = do_DELETE = do_POST

            def log_message(self, *args: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
                """Nothing: the tests' output is theirs."""

        return Handler


def message(*blocks: Json | str, **fields: Any) -> Json:
    """A whole message of these blocks; a string is a block of text."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": [text(block) if isinstance(block, str) else block for block in blocks],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": USAGE,
        **fields,
    }


def text(content: str) -> Json:
    return {"type": "text", "text": content}


def tool_use(number: int = 1, name: str = "weather", **given: Any) -> Json:
    """A block that asks for a tool."""
    return {"type": "tool_use", "id": f"toolu_{number}", "name": name, "input": given}


def start(**fields: Any) -> Json:
    """The event that a stream begins with; its count of output tokens is a placeholder."""
    head = message(stop_reason=None, usage={**USAGE, "output_tokens": 1})
    return {"type": "message_start", "message": {**head, **fields}}


def delta(index: int, kind: str, **fields: Any) -> Json:
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, **fields}}


def block(index: int, first: Json, *deltas: Json) -> list[Json]:
    """The events of a block: how it starts, and what is added to it."""
    return [
        {"type": "content_block_start", "index": index, "content_block": first},
        *deltas,
        {"type": "content_block_stop", "index": index},
    ]


def text_block(index: int, *parts: str) -> list[Json]:
    return block(index, text(""), *(delta(index, "text_delta", text=part) for part in parts))


def end(stop_reason: str = "end_turn", output_tokens: int = 7, **usage: Any) -> list[Json]:
    """The events that a stream ends with."""
    stop = {"stop_reason": stop_reason, "stop_sequence": None}
    counts = {"output_tokens": output_tokens, **usage}
    return [{"type": "message_delta", "delta": stop, "usage": counts}, {"type": "message_stop"}]


def text_events(*parts: str) -> list[Json]:
    """The events of an answer of one text that arrives in parts, with a ping between."""
    return [start(), {"type": "ping"}, *text_block(0, *parts), *end()]


def whole(answer: Any, *, status: int = 200) -> Reply:
    """A reply with a JSON body."""
    # Not the library's own encoder: what is served must not depend on what is tested.
    return Reply(status=status, body=json.dumps(answer))


def streamed(events: Iterable[Any], *, cuts: Sequence[int] = (), is_cut: bool = False) -> Reply:
    """A reply with a stream of server-sent events, each called by its type."""
    sent = [f"event: {_type(event)}\ndata: {json.dumps(event)}\n\n" for event in events]
    return Reply(
        content_type="text/event-stream; charset=utf-8", body="".join(sent), cuts=cuts, is_cut=is_cut
    )


def failure(status: int, kind: str = "invalid_request_error", said: str = "no") -> Reply:
    """A reply with an error as the API gives it."""
    return whole(error(kind, said), status=status)


def error(kind: str = "overloaded_error", said: str = "Overloaded") -> Json:
    return {"type": "error", "error": {"type": kind, "message": said}}


def greeting(received: Received) -> Reply:
    """What is answered when nothing else is prescribed: a greeting, in the form that is asked for."""
    if received.path.startswith("/v1/complete"):
        return whole({"type": "completion", "id": "compl_1", "completion": " Hello", "model": "claude-2.1"})
    if received.body.get("stream"):
        return streamed(text_events("Hello", " from", " the", " fake", " server"))
    return whole(message("Hello from the fake server"))


def interactions_of(path: Path) -> Iterator[tuple[Json, Reply]]:
    """Request bodies and replies of a recording."""
    for interaction in json.loads(path.read_text())["interactions"]:
        response = interaction["response"]
        headers = {name.lower(): value for name, value in response["headers"].items()}
        reply = Reply(status=response["status"], content_type=headers["content-type"], body=response["body"])
        yield interaction["request"]["json"], reply


def _type(event: Any) -> str:
    return str(event.get("type")) if isinstance(event, dict) else "message_delta"


if __name__ == "__main__":
    with FakeAnthropic() as server:
        print(f"ANTHROPIC_API_KEY=none ANTHROPIC_BASE_URL={server.url}", flush=True)  # noqa: T201
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
