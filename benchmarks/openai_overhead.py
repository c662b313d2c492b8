"""A chat completion through `wrap_openai` against the bare client: CPU of the calling thread."""

import asyncio
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from openai import AsyncOpenAI, OpenAI

from benchmarks._measure import interleaved, print_table
from spanscore import wrap_openai
from spanscore._config import Settings
from spanscore._connect import connect
from spanscore.tracing import CURRENT_LOGGER, RECORDING, TracerProvider

CALLS = 20
CHUNKS = 200
ROUNDS = 25
MODEL = "gpt-4o-mini"
ASKED: Any = {"model": MODEL, "messages": [{"role": "user", "content": "What is the capital of France?"}]}
HEAD = {"id": "chatcmpl-1", "created": 1, "model": MODEL}


class Logs:
    parent = "project_name:benchmark"


def chunk(delta: dict[str, Any], **fields: Any) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}
    body = {**HEAD, "object": "chat.completion.chunk", "choices": [choice], **fields}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


USAGE = {"prompt_tokens": 14, "completion_tokens": 8, "total_tokens": 22}
MESSAGE = {"role": "assistant", "content": "The capital of France is Paris."}
CHOICE = {"index": 0, "message": MESSAGE, "logprobs": None, "finish_reason": "stop"}
WHOLE = json.dumps({**HEAD, "object": "chat.completion", "choices": [CHOICE], "usage": USAGE}).encode()
STREAM = b"".join([chunk({"content": f" word{number}"}) for number in range(CHUNKS)]) + b"data: [DONE]\n\n"


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16

    def do_POST(self) -> None:
        is_stream = b'"stream":true' in self.rfile.read(int(self.headers["Content-Length"]))
        body, kind = (STREAM, "text/event-stream") if is_stream else (WHOLE, "application/json")
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _serve(port: Connection) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    port.send(server.server_port)
    server.serve_forever()


@contextmanager
def answering() -> Iterator[str]:
    """The base URL of a server in a process of its own."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe()
    process = context.Process(target=_serve, args=(sender,), daemon=True)
    process.start()
    yield f"http://127.0.0.1:{receiver.recv()}/v1"
    process.terminate()
    process.join()


def chat(client: OpenAI) -> None:
    client.chat.completions.create(**ASKED)


def stream(client: OpenAI) -> None:
    for _ in client.chat.completions.create(**ASKED, stream=True):
        pass


async def async_chat(client: AsyncOpenAI) -> None:
    await client.chat.completions.create(**ASKED)


async def async_stream(client: AsyncOpenAI) -> None:
    async for _ in await client.chat.completions.create(**ASKED, stream=True):
        pass


def measured(call: Callable[[], Any]) -> float:
    """Microseconds of the calling thread's CPU for one call."""
    start = time.thread_time()
    for _ in range(CALLS):
        call()
    return (time.thread_time() - start) / CALLS * 1e6


class Comparison:
    """The bare client against a wrapped one, which records into the embedded store or not at all."""

    def __init__(self, kind: Any, url: str, home: str) -> None:
        options: dict[str, Any] = {"api_key": "none", "base_url": url}
        self.bare = kind(**options)
        self.wrapped = wrap_openai(kind(**options))
        self._settings = Settings(home=Path(home), propagate_threads=False)
        self._outbox = connect(self._settings).outbox
        self._provider = TracerProvider()

    def recorded(self, call: Callable[[], Any]) -> float:
        RECORDING.switch_on(self._outbox, self._settings, provider=self._provider)
        try:
            return measured(call)
        finally:
            RECORDING.switch_off()
            self._outbox.flush()

    def table(self, title: str, call: Callable[[Any], Any]) -> float:
        """Print it, and give what recording costs a call."""
        variants = {
            "bare client": lambda: measured(lambda: call(self.bare)),
            "wrapped, recorded and stored": lambda: self.recorded(lambda: call(self.wrapped)),
            "wrapped, recording off": lambda: measured(lambda: call(self.wrapped)),
        }
        spreads = interleaved(variants, rounds=ROUNDS)
        print_table(f"{title}: µs of the caller's CPU", spreads, against="bare client", targets={})
        return spreads["wrapped, recorded and stored"].median - spreads["bare client"].median

    def print(self, kind: str, whole: Callable[[Any], Any], streamed: Callable[[Any], Any]) -> None:
        a_call = self.table(f"{kind} chat completion", whole)
        a_stream = self.table(f"{kind} stream of {CHUNKS} chunks", streamed)
        a_chunk = (a_stream - a_call) / CHUNKS
        print(f"  over the bare client, by medians: {a_call:.0f} µs a call, {a_chunk:.1f} µs a chunk")


def main() -> None:
    """Print a table for each of: whole and streamed, synchronous and asynchronous."""
    CURRENT_LOGGER.set(Logs())
    loop = asyncio.new_event_loop()
    with answering() as url, tempfile.TemporaryDirectory() as home:
        Comparison(OpenAI, url, home).print("Synchronous", chat, stream)
        comparison = Comparison(AsyncOpenAI, url, home)
        comparison.print(
            "Asynchronous",
            lambda client: loop.run_until_complete(async_chat(client)),
            lambda client: loop.run_until_complete(async_stream(client)),
        )
        for client in (comparison.bare, comparison.wrapped):
            loop.run_until_complete(client.close())
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


if __name__ == "__main__":
    main()
