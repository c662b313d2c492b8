"""Parameters of evals as a Braintrust server keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from spanscore.errors import PromptError


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteEvalParameters:
    """A set of parameters: values in `data`, and the JSON schema that values have to fit.

    `version` is its transaction. Made by `load_parameters`.

    >>> RemoteEvalParameters(name="Tuning", slug="tuning", data={"model": "small"}).data["model"]
    'small'
    """

    name: str
    slug: str
    data: Mapping[str, Any]
    schema: Mapping[str, Any] = field(default_factory=dict[str, Any])
    id: str | None = None
    project_id: str | None = None
    version: str | None = None

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "RemoteEvalParameters":
        """The parameters in a server's answer. Raises PromptError if it has none."""
        told: Any = answer.get("function_data")
        found = cast("Mapping[str, Any]", told if isinstance(told, Mapping) else {})
        if found.get("type") != "parameters":
            raise PromptError(
                f"what the server has under {answer.get('slug')!r} is {found.get('type') or 'nothing'!r}; "
                "give the slug of a set of parameters"
            )
        return cls(
            name=str(answer.get("name") or answer.get("slug") or ""),
            slug=str(answer.get("slug") or ""),
            data=found.get("data") or {},
            schema=found.get("__schema") or {},
            id=answer.get("id"),
            project_id=answer.get("project_id"),
            version=answer.get("_xact_id"),
        )
