"""The providers: one file or folder each, described to one engine that knows none of them.

Of a provider that has an API there is a list of endpoints (`_endpoint.py`) for the engine, which owns spans,
streams and errors: `_client.py` hooks clients of the generated shape, `_function.py` all others. Adding a
provider or a framework is a package here with `patch`, a line in PROVIDERS, a test and an extra.
"""

from collections.abc import Mapping
from typing import Final

from spanscore.integrations._answers_scope import answers_cached, in_trial
from spanscore.integrations._registry import Registry

__all__ = ["INSTRUMENTED", "PROVIDERS", "answers_cached", "in_trial"]

PROVIDERS: Final[Mapping[str, str]] = {
    "anthropic": "anthropic",
    "google_genai": "google.genai",
    "openai": "openai",
    "bedrock": "botocore.client",
    "litellm": "litellm",
    "langchain": "langchain_core",
    "mcp": "mcp",
    # Many programs have a package of their own that is called "agents".
    "openai_agents": "agents.tracing",
}
"""What can be instrumented, each by the module or package here of that name, and the import it waits for."""

INSTRUMENTED: Final = Registry(PROVIDERS, __name__)
"""What is instrumented in this process."""
