"""Which prompt of a Braintrust server is meant, or which set of parameters."""

from dataclasses import dataclass
from typing import Any

from spanscore.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedQuery:
    """A prompt by `id`, else by `slug` in a project, which `project_id` names before `project` does.

    `version` is a transaction ("1000…"), `environment` a name such as "production" for the version that is
    pinned to it. `kind` is what else is meant in this way. Raises ConfigError if too
    little is given.
    """

    project: str | None = None
    project_id: str | None = None
    slug: str | None = None
    id: str | None = None
    version: str | None = None
    environment: str | None = None
    kind: str = "prompt"

    @classmethod
    def pinned(cls, *, version: str | int | None, environment: str | None, **named: Any) -> "HostedQuery":
        """The query of a call, in which a version may be a number and goes before an environment.

        >>> str(HostedQuery.pinned(project="bot", slug="hi", version=7, environment="live"))
        'bot/hi in version 7'
        """
        if version is None:
            return cls(environment=environment, **named)
        return cls(version=str(version), **named)

    def __post_init__(self) -> None:
        if self.id:
            return
        if not (self.project or self.project_id):
            raise ConfigError(
                f"the project of the {self.kind} is not given; give project=, project_id= or id="
            )
        if not self.slug:
            raise ConfigError(f"the slug of the {self.kind} is not given; give slug= or id=")

    @property
    def is_pinned(self) -> bool:
        """True if one certain version is wanted."""
        return self.version is not None or self.environment is not None

    def __str__(self) -> str:
        name = f"id {self.id}" if self.id else f"{self.project_id or self.project}/{self.slug}"
        if self.version is not None:
            return f"{name} in version {self.version}"
        return f"{name} of {self.environment}" if self.environment else name
