"""A prompt: what a program has of it, and builds calls from."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from spanscore.errors import PromptError
from spanscore.prompts._building import built


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptRecord:
    """A prompt as its server has it; `data` is its `prompt_data`, `version` its transaction."""

    name: str
    slug: str
    data: Mapping[str, Any]
    id: str | None = None
    project_id: str | None = None
    version: str | None = None
    description: str | None = None
    metadata: Mapping[str, Any] | None = None
    tags: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "PromptRecord":
        """The record in a server's answer. Raises PromptError if it has no prompt data."""
        data = answer.get("prompt_data")
        if not isinstance(data, Mapping):
            raise PromptError(
                f"what the server has under {answer.get('slug')!r} is no prompt: it has no prompt_data"
            )
        return cls(
            name=str(answer.get("name") or answer.get("slug") or ""),
            slug=str(answer.get("slug") or ""),
            data=cast("Mapping[str, Any]", data),
            id=answer.get("id"),
            project_id=answer.get("project_id"),
            version=answer.get("_xact_id"),
            description=answer.get("description"),
            metadata=answer.get("metadata"),
            tags=tuple(answer.get("tags") or ()),
        )


class Prompt(Mapping[str, Any]):
    """A prompt that is loaded when something of it is first asked for. Made by `load_prompt`.

    As a mapping it has the options of the prompt (`model`, `params`) and its `messages` and `tools`, or its
    `prompt`, without variables filled in.

    >>> prompt = Prompt.from_prompt_data("greet", {
    ...     "prompt": {"type": "chat", "messages": [{"role": "user", "content": "Greet {{name}}"}]},
    ...     "options": {"model": "gpt-5-mini"},
    ... })
    >>> prompt.build(name="Ada")["messages"]
    [{'role': 'user', 'content': 'Greet Ada'}]
    """

    def __init__(
        self,
        load: Callable[[], PromptRecord],
        *,
        defaults: Mapping[str, Any] | None = None,
        no_trace: bool = False,
    ) -> None:
        self.defaults: dict[str, Any] = dict(defaults or {})
        self.no_trace = no_trace
        self._load = load
        self._record: PromptRecord | None = None
        self._lock = threading.Lock()

    @classmethod
    def from_prompt_data(cls, name: str, prompt_data: Mapping[str, Any]) -> "Prompt":
        """The prompt of that data, which no server needs to have."""
        return cls.of(PromptRecord(name=name, slug=name, data=prompt_data))

    @classmethod
    def of(
        cls, record: PromptRecord, defaults: Mapping[str, Any] | None = None, *, no_trace: bool = False
    ) -> "Prompt":
        """The prompt that is loaded already."""
        return cls(lambda: record, defaults=defaults, no_trace=no_trace)

    @property
    def record(self) -> PromptRecord:
        """The prompt as its server has it; loads it. Raises what `load_prompt` says."""
        with self._lock:
            if self._record is None:
                self._record = self._load()
            return self._record

    @property
    def id(self) -> str | None:
        """The prompt's id."""
        return self.record.id

    @property
    def name(self) -> str:
        """Its name."""
        return self.record.name

    @property
    def slug(self) -> str:
        """Its name in addresses, unique in its project."""
        return self.record.slug

    @property
    def project_id(self) -> str | None:
        """The id of its project."""
        return self.record.project_id

    @property
    def version(self) -> str | None:
        """The transaction that it was last changed in, such as "1000197156529394086"."""
        return self.record.version

    @property
    def prompt(self) -> Mapping[str, Any]:
        """The messages or the text, and the tools, as templates."""
        return self.record.data.get("prompt") or {}

    @property
    def options(self) -> Mapping[str, Any]:
        """Model and parameters."""
        return self.record.data.get("options") or {}

    def build(self, **variables: Any) -> dict[str, Any]:
        """The keyword arguments of a call, with the variables filled in; `strict=True` wants all of them.

        They have `span_info` with where the prompt comes from, which wrapped clients record and take out,
        unless `no_trace`. Raises PromptError.
        """
        strict = bool(variables.get("strict", False))
        arguments = built(self.record.data, variables, defaults=self.defaults, strict=strict)
        if not self.no_trace:
            arguments["span_info"] = {"metadata": {"prompt": self._provenance(variables)}}
        return arguments

    def _provenance(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        record = self.record
        return {
            "variables": dict(variables),
            "id": record.id,
            "project_id": record.project_id,
            "version": record.version,
        }

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy elsewhere has what was loaded here: it knows no key, and asks no server.
        return partial(Prompt.of, no_trace=self.no_trace), (self.record, self.defaults)

    def __getitem__(self, key: str) -> Any:
        return {**self.options, **self._parts()}[key]

    def __iter__(self) -> Iterator[str]:
        return iter({**self.options, **self._parts()})

    def __len__(self) -> int:
        return len({**self.options, **self._parts()})

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __repr__(self) -> str:
        return "Prompt(not loaded yet)" if self._record is None else f"Prompt({self._record.slug!r})"

    def _parts(self) -> dict[str, Any]:
        block = self.prompt
        if block.get("type") == "completion":
            return {"prompt": block.get("content")}
        return {"messages": block.get("messages"), "tools": block.get("tools")}
