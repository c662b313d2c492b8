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


def main() -> None:
    """Print a table for each of: whole and streamed, synchronous and asynchronous."""
    CURRENT_LOGGER.set(Logs())
    loop = asyncio.new_event_loop()
    with answering() as url, tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), propagate_threads=False)
        outbox = connect(settings).outbox
        provider = TracerProvider()

        def recorded(call: Callable[[], Any]) -> float:
            RECORDING.switch_on(outbox, settings, provider=provider)
            try:
                return measured(call)
            finally:
                RECORDING.switch_off()
                outbox.flush()

        def table(title: str, bare: Callable[[], Any], wrapped: Callable[[], Any]) -> float:
            variants = {
                "bare client": lambda: measured(bare),
                "wrapped, recorded and stored": lambda: recorded(wrapped),
                "wrapped, recording off": lambda: measured(wrapped),
            }
            spreads = interleaved(variants, rounds=ROUNDS)
            print_table(f"{title}: µs of the caller's CPU", spreads, against="bare client", targets={})
            return spreads["wrapped, recorded and stored"].minimum - spreads["bare client"].minimum

        options = {"api_key": "none", "base_url": url}
        bare, wrapped = OpenAI(**options), wrap_openai(OpenAI(**options))
        abare, awrapped = AsyncOpenAI(**options), wrap_openai(AsyncOpenAI(**options))

        def awaited(call: Callable[[AsyncOpenAI], Any], client: AsyncOpenAI) -> Callable[[], Any]:
            return lambda: loop.run_until_complete(call(client))

        over = table("A chat completion", lambda: chat(bare), lambda: chat(wrapped))
        streamed = table(f"A stream of {CHUNKS} chunks", lambda: stream(bare), lambda: stream(wrapped))
        print(f"  over the bare client: {over:.0f} µs a call, {(streamed - over) / CHUNKS:.2f} µs a chunk")
        over = table(
            "Asynchronous chat completion", awaited(async_chat, abare), awaited(async_chat, awrapped)
        )
        streamed = table(
            f"Asynchronous stream of {CHUNKS} chunks",
            awaited(async_stream, abare),
            awaited(async_stream, awrapped),
        )
        print(f"  over the bare client: {over:.0f} µs a call, {(streamed - over) / CHUNKS:.2f} µs a chunk")
        outbox.close()
        for client in (abare, awrapped):
            loop.run_until_complete(client.close())
    loop.close()


if __name__ == "__main__":
    main()
