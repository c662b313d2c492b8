"""Start both services, order a dish, and show the trace that runs through the two processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx

FOLDER = Path(__file__).parent


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def service(name: str, **environment: str) -> Generator[str, None, None]:
    """A service in a process of its own, by its URL."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", f"{name}:app", "--port", str(port), "--log-level", "warning"]
    inherited = os.environ  # noqa: TID251 - passed on as it is
    process = subprocess.Popen(command, cwd=FOLDER, env={**inherited, **environment})
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(url, process)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return once the service answers."""
    for _ in range(600):
        if process.poll() is not None:
            sys.exit(f"the service at {url} has ended")
        try:
            httpx.get(f"{url}/openapi.json")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    sys.exit(f"the service at {url} does not answer")


def main() -> None:
    """Order, and look."""
    with service("kitchen") as kitchen, service("orders", KITCHEN_URL=kitchen) as orders:
        ordered = httpx.get(f"{orders}/orders/risotto", timeout=30).raise_for_status().json()
    print(ordered["answer"], flush=True)
    print(f"$ {ordered['look']}", flush=True)
    subprocess.run([sys.executable, "-m", *ordered["look"].split()], check=True)


if __name__ == "__main__":
    main()
