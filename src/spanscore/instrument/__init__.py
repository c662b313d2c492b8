"""The providers: one file or folder each, described to one engine that knows none of them.

A provider is a list of endpoints (`_endpoint.py`) for the engine (`_client.py` and what it uses), which owns
spans, streams and errors. Adding a provider is a package here, a name in PROVIDERS, a test and an extra.
"""

from typing import Final

__all__ = ["PROVIDERS"]

PROVIDERS: Final = ("openai",)
"""The providers whose clients can be wrapped; each is a module or package here of that name."""
