"""Nothing is left of thousands of calls, however they end: no objects, no memory, no threads, no sockets."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from end_to_end.mock_server import LLMock

PROGRAM = Path(__file__).parent / "endurance.py"
CALLS = 10_000 if os.environ.get("SPANSCORE_ENDURANCE") == "long" else 500
"""`make endurance` makes the long form of it."""

GROWTH_KB = 4_096
"""How much more memory a recorded program may take than a bare one between the looks.

The store fills its caches, with 2 to 3 MB, until some thousands of calls were made. The least that could be
left of a call is its span, and that has more than 2 KB: of the 8,000 calls between the looks, 16 MB.
"""


def looks_of(provider: str, how: str, home: Path, calls: int, *url: str) -> list[dict[str, Any]]:
    command = [sys.executable, str(PROGRAM), provider, how, str(calls), *url]
    environment = {**os.environ, "SPANSCORE_HOME": str(home)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_nothing_is_left_of_many_calls(provider: str, tmp_path: Path) -> None:
    pytest.importorskip(provider)
    bare, recorded = (looks_of(provider, how, tmp_path, CALLS) for how in ("bare", "recorded"))
    assert [look["alive"] for look in recorded] == [{}, {}, {}]
    for what in ("threads", "files", "classes"):
        assert recorded[1][what] - recorded[0][what] == bare[1][what] - bare[0][what] == 0, what
    grown = [looks[1]["rss_kb"] - looks[0]["rss_kb"] for looks in (bare, recorded)]
    assert grown[1] - grown[0] < GROWTH_KB


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_no_socket_is_left(provider: str, mock: LLMock, tmp_path: Path) -> None:
    pytest.importorskip(provider)
    calls, url = CALLS // 5, mock.base_url(provider)
    bare, recorded = (looks_of(provider, how, tmp_path, calls, url) for how in ("bare", "recorded"))
    assert [look["alive"] for look in recorded] == [{}, {}, {}]
    opened = [[look["files"] - looks[2]["files"] for look in looks] for looks in (bare, recorded)]
    assert opened[1] == opened[0]
