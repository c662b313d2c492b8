"""A call of a hosted function as its server wants it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from spanscore.errors import ConfigError

API_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionId:
    """Which function is meant: by id, of a playground, by project and slug, or a global one.

    Raises ConfigError if none of these is whole.
    """

    function_id: str | None = None
    version: str | None = None
    prompt_session_id: str | None = None
    prompt_session_function_id: str | None = None
    project_name: str | None = None
    project_id: str | None = None
    slug: str | None = None
    global_function: str | None = None
    function_type: str | None = None
    environment: str | None = None

    def __post_init__(self) -> None:
        by_slug = self.slug and (self.project_name or self.project_id)
        by_session = self.prompt_session_id and self.prompt_session_function_id
        if not (self.function_id or by_session or by_slug or self.global_function):
            raise ConfigError(
                "no function is named; give function_id, or slug with project_name or project_id, or "
                "global_function, or prompt_session_id with prompt_session_function_id"
            )

    def fields(self) -> dict[str, Any]:
        """What of it is given, by the names of the interface."""
        given = {key: value for key, value in asdict(self).items() if value is not None}
        if not self.slug:
            # Of any other function the project is where it runs, which a header says.
            given.pop("project_id", None)
        return given


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A function and what it is called with; `parent` is the exported span that its spans are to be below."""

    function: FunctionId
    input: Any = None
    messages: Sequence[Any] | None = None
    metadata: Mapping[str, Any] | None = None
    tags: Sequence[str] | None = None
    parent: str = ""
    stream: bool = False
    mode: str | None = None
    strict: bool | None = None
    overrides: Mapping[str, Any] | None = None

    def body(self) -> dict[str, Any]:
        """The body of `POST /function/invoke`."""
        always = {
            "input": self.input,
            "metadata": self.metadata,
            "tags": self.tags,
            "parent": self.parent,
            "stream": self.stream,
            "api_version": API_VERSION,
        }
        further = {
            "messages": self.messages,
            "mode": self.mode,
            "strict": self.strict,
            "overrides": self.overrides,
        }
        given = {key: value for key, value in further.items() if value is not None}
        return {**always, **given, **self.function.fields()}
