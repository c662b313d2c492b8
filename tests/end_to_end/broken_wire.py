"""A wire between a client and a server that passes everything on, and breaks the bytes of answers."""

import json
import re
import socket
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

_PIECE = 7
_MARK = re.compile(rb"[{}:,]")
_NOISE = {"undecodable": b"\xff", "unreadable": b'"'}


@dataclass(frozen=True, kw_only=True)
class Break:
    """What happens to an answer's body from the byte `after` on, counted as it is on the wire.

    It is cut off, or the next punctuation mark becomes a byte that is no UTF-8 ("undecodable") or a quotation
    mark that makes it no JSON ("unreadable"), or all comes in tiny pieces.
    """

    how: Literal["cut", "undecodable", "unreadable", "pieces"]
    after: int = 0


@dataclass
class Wire:
    """Where clients connect, what is to break, and what has passed: bodies sent, bytes of an answer."""

    url: str
    fault: Break | None = None
    requests: list[Any] = field(default_factory=list[Any])
    body_bytes: int = 0

    def reset(self, fault: Break | None) -> None:
        """Forget what has passed; break this way from now on."""
        self.fault = fault
        self.requests.clear()
        self.body_bytes = 0


@contextmanager
def wire_to(url: str) -> Generator[Wire, None, None]:
    """A wire whose other end is the server at `url`."""
    target = urlsplit(url)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        wire = Wire(f"http://127.0.0.1:{listening.getsockname()[1]}")
        arguments = (wire, listening, (target.hostname, target.port))
        threading.Thread(target=_accept, args=arguments, daemon=True).start()
        yield wire
        listening.shutdown(socket.SHUT_RDWR)


def _accept(wire: Wire, listening: socket.socket, target: Any) -> None:
    with suppress(OSError):  # the wire is taken down
        while True:
            near, _ = listening.accept()
            far = socket.create_connection(target)
            near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_pass_requests, args=(wire, near, far), daemon=True).start()
            threading.Thread(target=_pass_answers, args=(wire, near, far), daemon=True).start()


def _pass_requests(wire: Wire, near: socket.socket, far: socket.socket) -> None:
    request = b""
    with suppress(OSError):
        for part in _parts(near):
            request += part
            head, _, body = request.partition(b"\r\n\r\n")
            if len(body) == _length(head):
                wire.requests.append(json.loads(body))
                # Whole, and only now: its answer is counted from its own beginning.
                far.sendall(request)
                request = b""
        far.shutdown(socket.SHUT_WR)


def _pass_answers(wire: Wire, near: socket.socket, far: socket.socket) -> None:
    with near, far, suppress(OSError):
        for part in _broken(wire, _parts(far)):
            near.sendall(part)
        near.shutdown(socket.SHUT_RDWR)


def _broken(wire: Wire, parts: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes of the answers on one connection. Ends where they are cut off."""
    is_due = True
    for start, part in _placed(wire, parts):
        fault = wire.fault
        if fault is None or start is None:
            is_due = is_due or start is None
            yield part
        elif fault.how == "pieces":
            yield from (part[place : place + _PIECE] for place in range(0, len(part), _PIECE))
        elif fault.how == "cut":
            yield part[: max(fault.after - start, 0)]
            if start + len(part) > fault.after:
                return
        else:
            mark = _MARK.search(part, max(fault.after - start, 0)) if is_due else None
            is_due = is_due and mark is None
            yield part[: mark.start()] + _NOISE[fault.how] + part[mark.end() :] if mark else part


def _placed(wire: Wire, parts: Iterator[bytes]) -> Iterator[tuple[int | None, bytes]]:
    """The heads of answers, whole, and the parts of bodies with the place where each begins."""
    answered, head = 0, b""
    for part in parts:
        if answered < len(wire.requests):
            head += part
            if b"\r\n\r\n" not in head:
                continue
            answered, wire.body_bytes = len(wire.requests), 0
            first, _, part = head.partition(b"\r\n\r\n")
            yield None, first + b"\r\n\r\n"
            head = b""
        wire.body_bytes += len(part)
        yield wire.body_bytes - len(part), part


def _length(head: bytes) -> int:
    """The length of a request's body; -1 before its head is whole."""
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:])
    return int(fields.get(b"content-length", -1))


def _parts(connection: socket.socket) -> Iterator[bytes]:
    while part := connection.recv(1 << 16):
        yield part
