"""What the programs have in common: recording begins, spans are made and marked, the program ends.

`FAULTS_MARKS` is the folder of the marks, `FAULTS_SPANS` how many spans to make, `FAULTS_SECONDS` over how
long, `FAULTS_SDK=otel` makes them with the bare OpenTelemetry SDK instead.
"""

import faulthandler
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import spanscore
from faults.marks import Marks
from faults.programs import bare

SPANS = int(os.environ.get("FAULTS_SPANS", "200"))
SECONDS = float(os.environ.get("FAULTS_SECONDS", "0"))
MARKS = Marks(Path(os.environ["FAULTS_MARKS"]))
IS_BARE = os.environ.get("FAULTS_SDK") == "otel"
POISON = "poison"

_WORDS = ("which", "capital", "has", "a", "country", "that", "nobody", "asked", "about", "until", "today")
_DICE = random.Random(0)
_TEXTS = tuple(" ".join(_DICE.choices(_WORDS, k=100)) for _ in range(64))


def start(**settings: Any) -> None:
    """Switch recording on, with what the environment says; dump all stacks when the harness asks."""
    faulthandler.enable()
    faulthandler.register(signal.SIGUSR1, all_threads=True)
    if IS_BARE:
        bare.start()
    else:
        spanscore.setup(**settings)


def question(number: int) -> dict[str, Any]:
    """An input of about 0.6 KB, not twice the same."""
    text = _TEXTS[number % len(_TEXTS)]
    return {"number": number, "messages": [{"role": "user", "content": text}]}


@spanscore.traced
def _answer(asked: dict[str, Any]) -> dict[str, str]:
    span = spanscore.current_span()
    return {"root_span_id": span.root_span_id, "span_id": span.id}


def _traced(number: int, *, is_refused: bool) -> None:
    ids = _answer(question(number))
    MARKS.mark(ids["root_span_id"], ids["span_id"], is_refused=is_refused)


def block(name: str, asked: Any, *, is_refused: bool = False) -> None:
    """One span by `start_span`, marked after its end."""
    with spanscore.start_span(name, type="llm") as span:
        span.log(input=asked, output={"answer": "Paris"}, metadata={"model": "none"}, metrics={"tokens": 12})
    MARKS.mark(span.root_span_id, span.id, is_refused=is_refused)


def one(number: int = 0, *, name: str = "answer") -> None:
    """One span, whichever way; what spanscore raises is counted and stops nothing."""
    is_refused = name == POISON
    try:
        if IS_BARE:
            MARKS.mark(*bare.span(name, question(number)), is_refused=is_refused)
        elif number % 2 and not is_refused:
            _traced(number, is_refused=is_refused)
        else:
            block(name, question(number), is_refused=is_refused)
    except Exception:  # noqa: BLE001 - that nothing comes here is what is measured
        MARKS.count(exceptions=1)
        faulthandler.dump_traceback()


def record(spans: int = SPANS, *, seconds: float = SECONDS, each: Callable[[int], None] = one) -> None:
    """Make so many spans, evenly over so many seconds."""
    begin = time.monotonic()
    for number in range(spans):
        each(number)
        ahead = seconds * number / spans - (time.monotonic() - begin)
        if ahead > 0.005:
            time.sleep(ahead)


def finish() -> None:
    """Say that what follows is the end of the program."""
    MARKS.last_statement()
