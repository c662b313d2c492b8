"""A call made unrecorded and recorded, and what its span should say of it."""

from contextlib import ExitStack
from importlib import import_module
from typing import Any, Literal

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from end_to_end.calls import Form, Patience
from end_to_end.outcome import Outcome, outcome_of
from span_reading import attribute
from spanscore.api.instrument import instrument, uninstrument

How = Literal["wrap", "instrument"] | None


async def called(form: Form, url: str, patience: Patience, how: How) -> Outcome:
    """What the caller gets: of a wrapped client, a patched class, or unrecorded."""
    async with form.connect(url, patience) as client:
        with ExitStack() as stack:
            if how == "wrap":
                import_module(f"spanscore.integrations.{form.provider}").wrap(client)
            elif how == "instrument":
                instrument(form.provider)
                stack.callback(uninstrument, form.provider)
            return await outcome_of(form.run(client))


def told(span: ReadableSpan, form: Form) -> dict[str, Any]:
    """What the span says of the call."""
    output, metadata = attribute(span, "output_json"), attribute(span, "metadata")
    metrics = attribute(span, "metrics") or {}
    attributes = span.attributes or {}
    return {
        "input": attribute(span, "input_json"),
        "text": form.recorded(output) if output is not None else "",
        "model": metadata["model"],
        "tokens": metrics.get("tokens"),
        "has first token": "time_to_first_token" in metrics,
        "error": [dict(event.attributes or {})["exception.message"] for event in span.events],
        "error type": attributes.get("error.type"),
        "status": attributes.get("http.response.status_code"),
        "is error": span.status.status_code is StatusCode.ERROR,
    }


def expected(outcome: Outcome, body: Any, form: Form) -> dict[str, Any]:
    """What it should say, by what the caller got and the body of the request that the server received."""
    error = outcome.error
    return {
        "input": form.asked(body),
        "text": form.text(outcome.pieces),
        "model": form.model(body),
        "tokens": form.tokens(outcome.pieces),
        "has first token": form.is_stream and form.has_token(outcome.pieces),
        "error": [] if error is None else [str(error)],
        "error type": None if error is None else _type_name(type(error)),
        "status": form.status(error),
        "is error": error is not None,
    }


def _type_name(kind: type[BaseException]) -> str:
    """As OpenTelemetry has it in `error.type`: with its module, unless it is built in."""
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
