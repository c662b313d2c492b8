"""Environments with providers' packages in other versions than the newest, which the main run has.

Some packages exclude others of today: litellm and openai-agents want an openai below 3.
"""

from collections.abc import Sequence

from tools.environments import Environment
from tools.project import oldest, requirement

FOLDERS = ("tests/integrations", "tests/end_to_end")
MOCKS = tuple(requirement("dev", name) for name in ("fakellm", "llmock"))

WITH_OLD_OPENAI = ("anthropic", "bedrock", "cost", "google-genai", "langchain", "mcp", "openai")
WITH_LATER_OPENAI = ("litellm", "openai-agents")
"""The providers' extras; the oldest versions of these need an openai that is not the oldest."""

OF_THEIR_TIME = ("numpy", "pydantic<2.11", "pydantic-settings<2.9")
"""What the oldest versions need without saying so: mcp 1.8 and langchain-core 0.3 need an older pydantic."""

LAST_OPENAI_1 = "openai==1.109.1"
OPENAI_2 = "openai>=2,<3"
BRAINTRUST = ("braintrust", requirement("dev", "autoevals"))
"""Where both are there, autoevals has braintrust wrap the clients it is given, recorded ones too."""

OPTIONAL = ("datasets", "aiohttp")
"""What programs may have, and what neither the main run nor a provider's extra brings."""

WITH_OPTIONAL = ("tests/datasets/test_tables.py", "tests/integrations/test_aiohttp_answers.py")

BETWEEN = ("openai==2.0.0", "openai==2.54.0", "openai==3.0.0")


def environments() -> list[Environment]:
    """The oldest of everything, the last openai 1, and openai 2 with what needs it."""
    later = [requirement(extra, extra) for extra in WITH_LATER_OPENAI]
    return [
        _environment(
            "oldest", [*OF_THEIR_TIME, *(pin for extra in WITH_OLD_OPENAI for pin in oldest(extra))]
        ),
        _environment(
            "openai1", [LAST_OPENAI_1, *(pin for extra in WITH_LATER_OPENAI for pin in oldest(extra))]
        ),
        _environment("openai2", [OPENAI_2, *BRAINTRUST, *later]),
    ]


def further() -> list[Environment]:
    """Versions of openai between these, and packages that are nobody's extra."""
    optional = Environment(name="optional", pins=OPTIONAL, tests=WITH_OPTIONAL)
    return [*(_environment(pin.replace("==", "-"), [pin]) for pin in BETWEEN), optional]


def _environment(name: str, pins: Sequence[str]) -> Environment:
    return Environment(name=name, pins=[*MOCKS, *pins], tests=FOLDERS)
