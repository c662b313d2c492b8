"""An OpenAI client whose answers come from its own process: `python -m benchmarks._openai_program NAME URL`.

Reads lines such as "chat 20" and prints the microseconds of the calling thread's CPU for one such call.
"""

import asyncio
import importlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from openai import AsyncOpenAI, DefaultAsyncHttpxClient, DefaultHttpxClient, OpenAI

CHUNKS = 200
MODEL = "gpt-4o-mini"
ASKED: Any = {"model": MODEL, "messages": [{"role": "user", "content": "What is the capital of France?"}]}
HEAD = {"id": "chatcmpl-1", "created": 1, "model": MODEL}
USAGE = {"prompt_tokens": 14, "completion_tokens": 8, "total_tokens": 22}
MESSAGE = {"role": "assistant", "content": "The capital of France is Paris."}
CHOICE = {"index": 0, "message": MESSAGE, "logprobs": None, "finish_reason": "stop"}
WHOLE = json.dumps({**HEAD, "object": "chat.completion", "choices": [CHOICE], "usage": USAGE}).encode()


def _chunk(number: int) -> bytes:
    choice = {"index": 0, "delta": {"content": f" word{number}"}, "logprobs": None, "finish_reason": None}
    return (
        b"data: "
        + json.dumps({**HEAD, "object": "chat.completion.chunk", "choices": [choice]}).encode()
        + b"\n\n"
    )


STREAM = b"".join(map(_chunk, range(CHUNKS))) + b"data: [DONE]\n\n"


def clients() -> tuple[OpenAI, AsyncOpenAI]:
    """Clients over a transport that answers at once, of whichever httpx this openai uses."""
    name = next(kind.__module__ for kind in DefaultHttpxClient.__mro__ if kind.__module__.startswith("httpx"))
    httpx = importlib.import_module(name.partition(".")[0])

    def answer(request: Any) -> Any:
        is_stream = b'"stream":true' in request.content
        kind = "text/event-stream" if is_stream else "application/json"
        return httpx.Response(200, headers={"content-type": kind}, content=STREAM if is_stream else WHOLE)

    transport = httpx.MockTransport(answer)
    options: Any = {"api_key": "none", "base_url": "http://127.0.0.1/v1"}
    return (
        OpenAI(http_client=DefaultHttpxClient(transport=transport), **options),
        AsyncOpenAI(http_client=DefaultAsyncHttpxClient(transport=transport), **options),
    )


def nothing(url: str) -> Callable[[Any], Any]:
    return lambda client: client


def spanscore(url: str) -> Callable[[Any], Any]:
    from spanscore import init_logger, setup, wrap_openai

    setup(home=tempfile.mkdtemp(), destinations=["local"])
    init_logger("benchmark")
    return wrap_openai


def spanscore_off(url: str) -> Callable[[Any], Any]:
    from spanscore import wrap_openai

    return wrap_openai


def otel_genai(url: str) -> Callable[[Any], Any]:
    os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "span_only"
    os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"
    module = importlib.import_module("opentelemetry.instrumentation.genai.openai")
    module.OpenAIInstrumentor().instrument(tracer_provider=_provider(url))
    return lambda client: client


def openinference(url: str) -> Callable[[Any], Any]:
    module = importlib.import_module("openinference.instrumentation.openai")
    module.OpenAIInstrumentor().instrument(tracer_provider=_provider(url))
    return lambda client: client


def braintrust(url: str) -> Callable[[Any], Any]:
    import braintrust as sdk

    sdk.init_logger(
        project="benchmark",
        project_id="00000000-0000-0000-0000-000000000001",
        api_key="sk-bench",
        app_url=url,
        org_name="bench",
    )
    return sdk.wrap_openai


def langfuse(url: str) -> Callable[[Any], Any]:
    from langfuse import Langfuse

    Langfuse(public_key="pk-bench", secret_key="sk-bench", host=url)
    # Importing it patches openai's classes.
    importlib.import_module("langfuse.openai")
    return lambda client: client


def logfire(url: str) -> Callable[[Any], Any]:
    import logfire as sdk

    options = sdk.AdvancedOptions(base_url=url)
    sdk.configure(send_to_logfire=True, token="bench", console=False, advanced=options, metrics=False)
    sdk.instrument_openai()
    return lambda client: client


def _provider(url: str) -> Any:
    """An SDK provider that exports over OTLP in the background."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{url}/v1/traces")))
    return provider


PROGRAMS = {
    each.__name__: each
    for each in (nothing, spanscore, spanscore_off, otel_genai, openinference, braintrust, langfuse, logfire)
}


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


def measured(call: Callable[[], Any], calls: int) -> float:
    start = time.thread_time()
    for _ in range(calls):
        call()
    return (time.thread_time() - start) / calls * 1e6


def main(name: str, url: str) -> None:
    """Serve measurements until the input ends."""
    record = PROGRAMS[name](url)
    client, async_client = (record(each) for each in clients())
    loop = asyncio.new_event_loop()
    calls: dict[str, Callable[[], Any]] = {
        "chat": lambda: chat(client),
        "stream": lambda: stream(client),
        "async_chat": lambda: loop.run_until_complete(async_chat(async_client)),
        "async_stream": lambda: loop.run_until_complete(async_stream(async_client)),
    }
    print("ready", flush=True)
    for line in sys.stdin:
        what, count = line.split()
        print(f"{measured(calls[what], int(count)):.2f}", flush=True)
    # What is still on its way is nobody's measurement.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
