"""Finished spans as plain values, read without the library's own decoder."""

import json
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan


def attribute(span: ReadableSpan, name: str) -> Any:
    """The value of a `braintrust.*` attribute that holds JSON; None if there is none."""
    text = (span.attributes or {}).get(f"braintrust.{name}")
    assert text is None or isinstance(text, str)
    return None if text is None else json.loads(text)


def told(span: ReadableSpan) -> dict[str, Any]:
    """Input, output, metadata and metrics; the time to the first token, which varies, as True."""
    metrics: dict[str, Any] | None = attribute(span, "metrics")
    if metrics and metrics.get("time_to_first_token", -1) >= 0:
        metrics["time_to_first_token"] = True
    return {
        "input": attribute(span, "input_json"),
        "output": attribute(span, "output_json"),
        "metadata": attribute(span, "metadata"),
        "metrics": metrics,
    }
