"""Runs the tests of the OpenAI wrapper against several versions of openai, each in an environment of its own.

    python tools/openai_matrix.py [VERSION …]

Environments stay under `.matrix/` and are used again. Without versions the oldest supported one, the ends of
each major and the newest are taken. Exits with 1 if a version fails.
"""

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("1.55.3", "1.109.1", "2.0.0", "2.54.0", "3.0.0", "3.54.0")
TEST_TOOLS = ("pytest>=8.3", "pytest-asyncio>=0.25", "hypothesis>=6.112", "inline-snapshot>=0.20")


def python_with(version: str) -> Path:
    """The interpreter of an environment that has this version of openai, made when it is not there yet."""
    folder = ROOT / ".matrix" / f"openai-{version}"
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists():
        venv.create(folder, with_pip=True, clear=True)
        install = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run([*install, "--editable", ROOT, f"openai=={version}", *TEST_TOOLS], check=True)
        done.touch()
    return python


def outcome(version: str) -> tuple[bool, str]:
    """Whether the tests pass with this version, and what pytest says in its last line."""
    tests = [python_with(version), "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/instrument"]
    run = subprocess.run(tests, cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        print(run.stdout, run.stderr, sep="\n")
    return run.returncode == 0, run.stdout.strip().splitlines()[-1]


def main(versions: list[str]) -> int:
    """Run the versions in turn and print a line for each."""
    all_passed = True
    for version in versions or VERSIONS:
        passed, summary = outcome(version)
        print(f"openai {version:10} {'ok' if passed else 'FAILED':7} {summary}", flush=True)
        all_passed = all_passed and passed
    return 0 if all_passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
