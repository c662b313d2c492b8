"""An eval's memory from 1,000 to 100,000 cases, and its wall time beside a bare asyncio loop."""

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import spanscore
from benchmarks._measure import interleaved, print_table

WAITING_CASES = 2_000
WAIT_S = 0.05
CONCURRENCY = 100


async def task(input: Any) -> Any:
    return input


async def exact(output: Any, expected: Any) -> bool:
    return output == expected


async def wait(input: Any) -> Any:
    await asyncio.sleep(WAIT_S)
    return input


def cases(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {"input": f"case number {number}", "expected": f"case number {number}"}


def peak_memory(count: int) -> float:
    """MB that a process of its own peaks at with `count` cases."""
    command = [sys.executable, "-m", "benchmarks.eval_scale", str(count)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1])


def run_cases(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        spanscore.setup(home=Path(folder))
        result = spanscore.Eval("memory", lambda: cases(count), task, [exact], quiet=True, keep_results=False)
        assert result.summary.cases == count
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def bare_loop() -> float:
    async def main() -> None:
        queue = iter(range(WAITING_CASES))

        async def worker() -> None:
            for _ in queue:
                await asyncio.sleep(WAIT_S)

        await asyncio.wait([asyncio.create_task(worker()) for _ in range(CONCURRENCY)])

    start = time.perf_counter()
    asyncio.run(main())
    return (time.perf_counter() - start) * 1e6 / WAITING_CASES


def waiting_eval() -> float:
    with tempfile.TemporaryDirectory() as folder:
        spanscore.setup(home=Path(folder))
        start = time.perf_counter()
        spanscore.Eval(
            "waiting", lambda: cases(WAITING_CASES), wait, [exact], quiet=True, max_concurrency=CONCURRENCY
        )
        spent = time.perf_counter() - start
        spanscore.setup(home=Path(folder) / "next")
    return spent * 1e6 / WAITING_CASES


def main() -> None:
    """Print both."""
    spreads = interleaved({"bare asyncio loop": bare_loop, "Eval": waiting_eval}, rounds=5)
    title = (
        f"{WAITING_CASES} cases waiting {WAIT_S * 1e3:.0f} ms, {CONCURRENCY} at once: µs of wall time a case"
    )
    print_table(title, spreads, against="bare asyncio loop", targets={"Eval": 1.08})
    few, many = peak_memory(1_000), peak_memory(100_000)
    print("\nPeak memory of an eval fed by a generator, keep_results=False")
    print(f"  1,000 cases {few:.1f} MB, 100,000 cases {many:.1f} MB: {many - few:+.1f} MB; target ≤ 5")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run_cases(int(sys.argv[1]))
    else:
        main()
