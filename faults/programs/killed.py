"""Children that write until they are killed, at a random moment each: `FAULTS_SPANS` of them, two at a time.

The parent has imported everything and recorded nothing, so that a child is a writing process within
milliseconds. Children do what processes do: they also send what their dead siblings have left.
"""

import os
import random
import select
import signal
import time

import opentelemetry.exporter.otlp.proto.http.trace_exporter
import requests

from faults.programs.recording import SPANS, finish, one, start

WARM = (opentelemetry.exporter.otlp.proto.http.trace_exporter, requests)
"""Imported here so that no child has to."""

_AT_ONCE = 2
_WRITES_FOR_S = 0.04
_STARTS_WITHIN_S = 20.0


def write(first: int) -> None:
    """Switch recording on and write until the end; say when the first span is marked."""
    start()
    one()
    os.write(first, b".")
    number = 0
    while True:
        number += 1
        one(number)
        if number % 10 == 0:
            time.sleep(0.001)


def child() -> tuple[int, int]:
    """A writing child: its process id, and what becomes readable after its first span."""
    readable, writable = os.pipe()
    process = os.fork()
    if not process:
        write(writable)
    os.close(writable)
    return process, readable


def kill(process: int, readable: int, dice: random.Random) -> None:
    """Kill the child a little after its first span; one in ten at any moment from its start."""
    if dice.random() > 0.1:
        select.select([readable], [], [], _STARTS_WITHIN_S)
    time.sleep(dice.random() * _WRITES_FOR_S)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    os.close(readable)


if __name__ == "__main__":
    dice = random.Random(1)
    writing: list[tuple[int, int]] = []
    for _ in range(SPANS):
        writing.append(child())
        if len(writing) == _AT_ONCE:
            kill(*writing.pop(0), dice)
    for process, readable in writing:
        kill(process, readable, dice)
    finish()
