"""The bursts and the outage with other libraries, each in an environment of its own, made by this program."""

import subprocess
import sys
from pathlib import Path

from benchmarks.burst import DOWN_S, NAMES, print_bursts
from benchmarks.outage_memory import print_growth

PEERS = ("braintrust", "langfuse", "logfire")
FOLDER = Path(__file__).parents[1] / ".venv-peers"


def environment(peer: str) -> str:
    """The interpreter of an environment with the newest release of a library."""
    folder = FOLDER / peer
    python = folder / "bin" / "python"
    if not (folder / ".ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "opentelemetry-exporter-otlp-proto-http", peer], check=True)
        (folder / ".ready").touch()
    return str(python)


def version(python: str, peer: str) -> str:
    program = f"from importlib.metadata import version; print(version({peer!r}))"
    return subprocess.run([python, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def main() -> None:
    """Print the tables of `burst` and `outage_memory` with the peers in them."""
    pythons = {peer: environment(peer) for peer in PEERS}
    names = {**NAMES, **{peer: f"{peer} {version(python, peer)}" for peer, python in pythons.items()}}
    for down_s in (0.0, DOWN_S):
        print_bursts(names, pythons, down_s)
    print_growth(names, pythons)


if __name__ == "__main__":
    main()
