"""Evals run by spanscore and by others: CPU of the whole process a case, and the time while tasks wait.

One process for each, in an environment of its own where it is another library's, stepped in turn.
"""

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from benchmarks._environments import environment, version
from benchmarks._measure import Spread, interleaved, print_table
from benchmarks._processes import Measuring, measuring
from benchmarks._sink import counting_sink

NOOP_CASES, NOOP_ROUNDS = 1_000, 7
WAITING_CASES, WAITING_ROUNDS = 2_000, 5
BARE, OURS, OFFICIAL = "a bare asyncio loop", "spanscore, stored", "braintrust"
PEERS: dict[str, Sequence[str]] = {"braintrust": ("braintrust",), "pydantic-evals": ("pydantic-evals",)}
CPU_TARGET = 0.08
WAIT_TARGET = 1.08


def _variants() -> dict[str, tuple[str, str]]:
    """Interpreter and program of each, by what it is called in the tables."""
    pythons = {name: environment(f"eval-{name}", packages) for name, packages in PEERS.items()}
    shown = {name: f"{name} {version(python, name)}" for name, python in pythons.items()}
    return {
        BARE: (sys.executable, "nothing"),
        OURS: (sys.executable, "spanscore"),
        f"{shown['braintrust']}, sent to a local sink": (pythons["braintrust"], "braintrust"),
        f"{shown['braintrust']}, nothing sent or stored": (pythons["braintrust"], "braintrust_local"),
        f"{shown['pydantic-evals']}, nothing stored": (pythons["pydantic-evals"], "pydantic_evals"),
    }


def _measured(programs: dict[str, Measuring], what: str, which: int) -> dict[str, Spread]:
    count, rounds = (NOOP_CASES, NOOP_ROUNDS) if what == "noop" else (WAITING_CASES, WAITING_ROUNDS)

    def measurement(program: Measuring) -> Callable[[], float]:
        return lambda: program.ask(what, count)[which]

    return interleaved({name: measurement(each) for name, each in programs.items()}, rounds=rounds)


def main() -> None:
    """Print a table of CPU a case, and one of the time while tasks wait."""
    variants = _variants()
    official = next(name for name in variants if name.startswith(OFFICIAL) and name.endswith("sink"))
    with counting_sink() as sink, ExitStack() as stack:
        sink.open_after(0)
        programs = {
            name: stack.enter_context(measuring(python, "_eval_program", program, sink.url))
            for name, (python, program) in variants.items()
        }
        for program in programs.values():
            program.wait_until_ready()
        title = f"An eval of {NOOP_CASES} cases that do nothing, two scorers; µs of the process's CPU a case"
        print_table(title, _measured(programs, "noop", 0), against=official, targets={OURS: CPU_TARGET})
        print(f"  {sink.arrivals()[0] / NOOP_CASES / (NOOP_ROUNDS + 1):.2f} spans a case arrived at the sink")
        title = f"An eval of {WAITING_CASES} cases of 50 ms, 100 at once; seconds"
        print_table(title, _measured(programs, "wait", 1), against=BARE, targets={OURS: WAIT_TARGET})


if __name__ == "__main__":
    main()
