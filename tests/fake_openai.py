"""A server on loopback that answers like OpenAI's API: from a script, a recording, or with a greeting.

Run it to try an example by hand: `python tests/fake_openai.py` prints its URL and serves until interrupted.
"""

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, cast

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the server answers: `binary` where it is no text.

    `is_cut` breaks the connection off where the body should go on. With `cuts`, places in the body in bytes,
    the client receives the pieces between them one by one.
    """

    status: int = 200
    content_type: str = "application/json"
    body: str = ""
    binary: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    is_cut: bool = False
    cuts: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request that came in; the body of a multipart form is its fields, where files are bytes."""

    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: Json
    method: str = "POST"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that goes away is part of the tests."""


class FakeOpenAI:
    """The server, a context manager. The replies it is given are used up in order, then it greets."""

    def __init__(self, *replies: Reply) -> None:
        self.received: list[Received] = []
        self._replies = list(replies)
        self._server = _Server(("127.0.0.1", 0), self._handler_class())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL for a client."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def reply(self, *replies: Reply) -> None:
        self._replies.extend(replies)

    def __enter__(self) -> "FakeOpenAI":
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
        return self._replies.pop(0) if self._replies else greeting(received.body)

    def _handler_class(self) -> type[BaseHTTPRequestHandler]:
        answer = self._answer

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16  # head and body in one packet: no delayed acknowledgement in between

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers, body = dict(self.headers), _body(self.headers.get("content-type") or "", sent)
                reply = answer(Received(path=self.path, headers=headers, body=body, method=self.command))
                data = reply.body.encode() if reply.binary is None else reply.binary
                self.send_response(reply.status)
                self.send_header("content-type", reply.content_type)
                self.send_header("retry-after-ms", "1")
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if reply.cuts:
                    self.send_header("transfer-encoding", "chunked")
                    data = _chunked(data, reply.cuts, is_cut=reply.is_cut)
                else:
                    self.send_header("content-length", str(len(data) + (1 if reply.is_cut else 0)))
                self.end_headers()
                self.wfile.write(data)
                self.close_connection = self.close_connection or reply.is_cut

            do_GET = do_DELETE = do_POST

            def log_message(self, *args: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
                """Nothing: the tests' output is theirs."""

        return Handler


def _chunked(data: bytes, cuts: Sequence[int], *, is_cut: bool) -> bytes:
    """The body in HTTP's chunks, which clients hand on one by one; without its end where it is cut off."""
    places = [0, *sorted({place for place in cuts if 0 < place < len(data)}), len(data)]
    pieces = [data[start:end] for start, end in pairwise(places) if start < end]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return chunks if is_cut else chunks + b"0\r\n\r\n"


def completion(*contents: str | None, **fields: Any) -> Json:
    """A whole chat completion with a choice for each content."""
    choices = [
        {
            "index": index,
            "message": {"role": "assistant", "content": content},
            "logprobs": None,
            "finish_reason": "stop",
        }
        for index, content in enumerate(contents)
    ]
    usage = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}
    head = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini-2024-07-18"}
    return {**head, "choices": choices, "usage": usage, **fields}


def chunk(*deltas: Json, index: int = 0, finish_reason: str | None = None, **fields: Any) -> Json:
    """A chunk of a streamed chat completion with a choice for each delta."""
    choices = [
        {"index": index + place, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        for place, delta in enumerate(deltas)
    ]
    head = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "gpt-4o-mini-2024-07-18",
    }
    return {**head, "choices": choices, **fields}


def text_chunks(*parts: str) -> list[Json]:
    """The chunks of an answer that arrives in parts, with its usage at the end."""
    usage = {"prompt_tokens": 5, "completion_tokens": len(parts), "total_tokens": 5 + len(parts)}
    return [
        chunk({"role": "assistant", "content": "", "refusal": None}),
        *(chunk({"content": part}) for part in parts),
        chunk({}, finish_reason="stop"),
        chunk(usage=usage),
    ]


def whole(answer: Any, *, status: int = 200) -> Reply:
    """A reply with a JSON body."""
    return Reply(status=status, body=_json(answer))


def streamed(chunks: Iterable[Any], *, is_cut: bool = False) -> Reply:
    """A reply with a stream of server-sent events."""
    events = [f"data: {_json(one)}\n\n" for one in chunks]
    end = "" if is_cut else "data: [DONE]\n\n"
    return Reply(content_type="text/event-stream; charset=utf-8", body="".join([*events, end]), is_cut=is_cut)


def failure(status: int, message: str = "no") -> Reply:
    """A reply with an error as the API gives it."""
    return whole(
        {"error": {"message": message, "type": "invalid_request_error", "code": None}}, status=status
    )


def _body(content_type: str, sent: bytes) -> Json:
    if not content_type.startswith("multipart/"):
        return json.loads(sent or b"{}")
    # The standard library reads multipart in mails: a form is one with another head.
    form = message_from_bytes(f"content-type: {content_type}\r\n\r\n".encode() + sent, policy=policy.HTTP)
    fields: Json = {}
    for part in form.iter_parts():
        content = cast("bytes", part.get_payload(decode=True))
        name = str(part.get_param("name", header="content-disposition"))
        value = content if part.get_filename() is not None else content.decode()
        fields[name] = [*fields.pop(name), value] if name in fields else [value]
    return {name: several if len(several) > 1 else several[0] for name, several in fields.items()}


def _json(value: Any) -> str:
    # Not the library's own encoder: what is served must not depend on what is tested.
    return json.dumps(value)


def greeting(request: Json) -> Reply:
    """What is answered when nothing else is prescribed: a greeting, streamed when that is asked for."""
    if request.get("stream"):
        return streamed(text_chunks("Hello", " from", " the", " fake", " server"))
    return whole(completion("Hello from the fake server"))


def interactions_of(path: Path) -> Iterator[tuple[Json, Reply]]:
    """Request bodies and replies of a recording."""
    for interaction in json.loads(path.read_text())["interactions"]:
        response = interaction["response"]
        headers = {name.lower(): value for name, value in response["headers"].items()}
        told = {name: value for name, value in headers.items() if name.startswith(("x-", "openai-"))}
        kind = headers["content-type"]
        reply = Reply(status=response["status"], content_type=kind, body=response["body"], headers=told)
        yield interaction["request"]["json"], reply


if __name__ == "__main__":
    with FakeOpenAI() as server:
        print(f"OPENAI_API_KEY=none OPENAI_BASE_URL={server.url}", flush=True)  # noqa: T201
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
