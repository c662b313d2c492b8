"""What `pyproject.toml` says of the package's dependencies."""

import re
from pathlib import Path

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10, where pytest brings it along
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_REQUIREMENT = re.compile(r"(?P<name>[a-z0-9-]+)>=(?P<version>[0-9.]+)")


def dependencies(extra: str | None = None) -> list[str]:
    """The requirements of the package itself, or of one of its extras."""
    if extra is None:
        return list(_PROJECT["dependencies"])
    return list(_PROJECT["optional-dependencies"][extra])


def extras() -> list[str]:
    """The names of the extras."""
    return list(_PROJECT["optional-dependencies"])


def oldest(extra: str) -> list[str]:
    """The requirements of an extra with each lower bound as the version: "openai==1.55.3"."""
    found = [_REQUIREMENT.match(requirement) for requirement in dependencies(extra)]
    return [f"{each['name']}=={each['version']}" for each in found if each]


def requirement(extra: str, name: str) -> str:
    """What an extra says of one package: ("dev", "llmock") gives "llmock>=0.2.2"."""
    return next(each for each in dependencies(extra) if re.split(r"[^a-z0-9-]", each)[0] == name)
