"""Evals run by spanscore and by others: CPU of the whole process a case, and the time while tasks wait.

One process for each, in an environment of its own where it is another library's, stepped in turn.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from benchmarks._environments import environment, version
from benchmarks._measure import Spread, interleaved, print_table
from benchmarks._sink import counting_sink

NOOP_CASES, NOOP_ROUNDS = 1_000, 7
WAITING_CASES, WAITING_ROUNDS = 2_000, 5
BARE, OURS, OFFICIAL = "a bare asyncio loop", "spanscore, stored", "braintrust"
PEERS: dict[str, Sequence[str]] = {"braintrust": ("braintrust",), "pydantic-evals": ("pydantic-evals",)}
CPU_TARGET = 0.08
WAIT_TARGET = 1.08


@dataclass(frozen=True)
class Program:
    """A process that runs an eval when it is asked."""

    process: "subprocess.Popen[str]"

    def run(self, what: str, count: int) -> tuple[float, float]:
        """Microseconds of CPU a case, and seconds in all."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{what} {count}\n")
        self.process.stdin.flush()
        cpu, wall = self._line().split()
        return float(cpu), float(wall)

    def wait_until_ready(self) -> None:
        while self._line() != "ready":
            pass

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a program to be measured has ended")
        return line.strip()


@contextmanager
def running(python: str, name: str, url: str) -> Iterator[Program]:
    command = [python, "-m", "benchmarks._eval_program", name, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        program = Program(process)
        program.wait_until_ready()
        yield program
        assert process.stdin is not None
        process.stdin.close()


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


def _measured(programs: dict[str, Program], what: str, which: int) -> dict[str, Spread]:
    count, rounds = (NOOP_CASES, NOOP_ROUNDS) if what == "noop" else (WAITING_CASES, WAITING_ROUNDS)

    def measurement(program: Program) -> Callable[[], float]:
        return lambda: program.run(what, count)[which]

    return interleaved({name: measurement(each) for name, each in programs.items()}, rounds=rounds)


def main() -> None:
    """Print a table of CPU a case, and one of the time while tasks wait."""
    variants = _variants()
    official = next(name for name in variants if name.startswith(OFFICIAL) and name.endswith("sink"))
    with counting_sink() as sink, ExitStack() as stack:
        sink.open_after(0)
        programs = {
            name: stack.enter_context(running(python, program, sink.url))
            for name, (python, program) in variants.items()
        }
        title = f"An eval of {NOOP_CASES} cases that do nothing, two scorers; µs of the process's CPU a case"
        print_table(title, _measured(programs, "noop", 0), against=official, targets={OURS: CPU_TARGET})
        print(f"  {sink.arrivals()[0] / NOOP_CASES / (NOOP_ROUNDS + 1):.2f} spans a case arrived at the sink")
        title = f"An eval of {WAITING_CASES} cases of 50 ms, 100 at once; seconds"
        print_table(title, _measured(programs, "wait", 1), against=BARE, targets={OURS: WAIT_TARGET})


if __name__ == "__main__":
    main()
