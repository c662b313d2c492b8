"""What importing costs: modules, and CPU of the command's help."""

import resource
import statistics
import subprocess
import sys

FRONT_DOORS = "from spanscore import traced, current_span, wrap_openai, Eval, init_logger"
ROUNDS = 7


def modules(statement: str) -> int:
    program = f"import sys; before = len(sys.modules); {statement}; print(len(sys.modules) - before)"
    return int(subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout)


def cpu_s(*arguments: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print both."""
    print("\nStart")
    print(f"  {FRONT_DOORS}: {modules(FRONT_DOORS)} modules; target ≤ 260")
    for name, arguments in (
        ("spanscore --help", ("-m", "spanscore", "--help")),
        ("an empty program", ("-c", "")),
    ):
        figures = [cpu_s(*arguments) for _ in range(ROUNDS)]
        median = statistics.median(figures)
        print(f"  {name}: {min(figures):.3f} s of CPU, median {median:.3f}, max {max(figures):.3f}")


if __name__ == "__main__":
    main()
