"""Mocks of providers' APIs that others wrote, each in a process of its own behind a real socket."""

import json
import socket
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from os import environ
from typing import Any
from urllib.request import Request, urlopen

_PROGRAM = """
import os, sys, threading, uvicorn

def leave():  # with the tests, however these end
    sys.stdin.read()
    os._exit(0)

threading.Thread(target=leave, daemon=True).start()
uvicorn.run(sys.argv[1], fd=int(sys.argv[2]), lifespan="off", log_level="critical")
"""


@contextmanager
def served(application: str, **variables: str) -> Generator[str, None, None]:
    """The URL at which an ASGI application ("module:name") answers, in a child with these variables set."""
    # Bound and listening before the child runs: the first request waits in the queue until it accepts.
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        descriptor = listening.fileno()
        child = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, application, str(descriptor)],
            stdin=subprocess.PIPE,
            pass_fds=[descriptor],
            env={**environ, **variables},
        )
    try:
        yield url
    finally:
        child.communicate(timeout=20)


LLMOCK_PATHS = {"openai": "/v1", "anthropic": "/anthropic", "google_genai": "/gemini"}
FAKELLM_PATHS = {"openai": "/v1", "anthropic": ""}
"""Where each server answers like a provider: what follows its own address in a client's base URL."""


@dataclass(frozen=True)
class LLMock:
    """The `llmock` server: fails as it is told to, by HTTP, and keeps a journal of the requests."""

    url: str

    def base_url(self, provider: str) -> str:
        """What a provider's own client takes as its base URL."""
        return self.url + LLMOCK_PATHS[provider]

    def script(self, *behaviours: Mapping[str, Any]) -> None:
        """Forget what came before; let the coming requests meet these behaviours."""
        self._ask("/reset", {})
        if behaviours:
            self._ask("/scenario", {"behaviors": behaviours})

    def requests(self) -> list[dict[str, Any]]:
        """What has come in since the script was set, oldest first."""
        return self._ask("/requests")["requests"]

    def findings(self) -> list[str]:
        """What the server, which judges its clients, says of those that have called since."""
        return [finding["code"] for finding in self._ask("/verdict")["findings"]]

    def _ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(f"{self.url}/_llmock{path}", data=data), timeout=20) as answer:
            return json.load(answer)
