"""An eval as one library runs it: `python -m benchmarks._eval_program NAME URL`.

Reads lines such as "noop 500" or "wait 500" and prints for one such eval of so many cases: microseconds of
the process's CPU a case until everything is stored or sent, and the wall time in seconds until it returned.
"""

import asyncio
import contextlib
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

CONCURRENCY = 100
WAIT_S = 0.05
Run = Callable[[int, Any], None]


def cases(count: int) -> list[dict[str, Any]]:
    return [
        {
            "input": {"question": f"What is the capital of country number {number}?", "k": 3},
            "expected": {"answer": "Paris", "hits": 3},
            "metadata": {"topic": "geography"},
        }
        for number in range(count)
    ]


async def noop(input: Any) -> Any:
    return {"answer": "Paris", "hits": 3}


async def wait(input: Any) -> Any:
    await asyncio.sleep(WAIT_S)
    return {"answer": "Paris", "hits": 3}


async def exact(input: Any, output: Any, expected: Any) -> float:
    return 1.0


async def close(input: Any, output: Any, expected: Any) -> float:
    return 0.5


def nothing(url: str) -> Run:
    """A bare asyncio loop: as many workers as run at once."""

    async def loop(count: int, task: Any) -> None:
        queue = iter(cases(count))

        async def worker() -> None:
            for case in queue:
                output = await task(case["input"])
                await exact(case["input"], output, case["expected"])
                await close(case["input"], output, case["expected"])

        await asyncio.wait([asyncio.ensure_future(worker()) for _ in range(CONCURRENCY)])

    return lambda count, task: asyncio.run(loop(count, task))


def spanscore(url: str) -> Run:
    """The embedded store is the sink; `Eval` returns when everything is in it."""
    from spanscore import Eval, setup

    setup(home=tempfile.mkdtemp(), destinations=["local"])

    def run(count: int, task: Any) -> None:
        scores = [exact, close]
        Eval("bench", cases(count), task, scores, max_concurrency=CONCURRENCY, quiet=True)

    return run


def braintrust(url: str) -> Run:
    """The sink takes its rows over HTTP, in a process of its own."""
    os.environ |= {
        "BRAINTRUST_API_KEY": "sk-bench",
        "BRAINTRUST_APP_URL": url,
        "BRAINTRUST_ORG_NAME": "bench",
    }
    import braintrust as sdk

    def run(count: int, task: Any) -> None:
        settings = sdk.GitMetadataSettings(collect="none")
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            sdk.Eval(
                "bench",
                cases(count),
                task,
                [exact, close],
                max_concurrency=CONCURRENCY,
                git_metadata_settings=settings,
            )
            sdk.flush()

    return run


def braintrust_local(url: str) -> Run:
    """Without a sink: nothing is kept of the run but what it returns."""
    import braintrust as sdk

    def run(count: int, task: Any) -> None:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            sdk.Eval(
                "bench", cases(count), task, [exact, close], max_concurrency=CONCURRENCY, no_send_logs=True
            )

    return run


def pydantic_evals(url: str) -> Run:
    """Without a sink: it keeps its report, and records spans only if logfire is configured."""
    from pydantic_evals import Case, Dataset
    from pydantic_evals.evaluators import Evaluator, EvaluatorContext

    class Exact(Evaluator[Any, Any, Any]):
        def evaluate(self, ctx: EvaluatorContext[Any, Any, Any]) -> float:
            return 1.0

    class Close(Evaluator[Any, Any, Any]):
        def evaluate(self, ctx: EvaluatorContext[Any, Any, Any]) -> float:
            return 0.5

    def run(count: int, task: Any) -> None:
        given = [
            Case(
                name=str(number),
                inputs=case["input"],
                expected_output=case["expected"],
                metadata=case["metadata"],
            )
            for number, case in enumerate(cases(count))
        ]
        dataset: Any = Dataset(name="bench", cases=given, evaluators=[Exact(), Close()])
        dataset.evaluate_sync(task, max_concurrency=CONCURRENCY, progress=False)

    return run


PROGRAMS = {
    each.__name__: each for each in (nothing, spanscore, braintrust, braintrust_local, pydantic_evals)
}
TASKS = {"noop": noop, "wait": wait}


def main(name: str, url: str) -> None:
    """Serve measurements until the input ends."""
    run = PROGRAMS[name](url)
    print("ready", flush=True)
    for line in sys.stdin:
        what, count = line.split()
        cpu, wall = time.process_time(), time.perf_counter()
        run(int(count), TASKS[what])
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        print(cpu / int(count) * 1e6, wall, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
