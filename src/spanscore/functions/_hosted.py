"""A hosted function as a task or a scorer of an eval."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from spanscore.functions._invocation import FunctionId


class HostedFunction:
    """A function on a server that is called like one of this program: with an input, or as a scorer.

    `invoke` makes the call. Made by `init_function`.
    """

    def __init__(self, function: FunctionId, invoke: Callable[[FunctionId, Any], Any]) -> None:
        self.function = function
        self._invoke = invoke
        named = (function.project_name or function.project_id, function.slug, function.version or "latest")
        self.__name__: str = "init_function-" + "-".join(str(part) for part in named if part)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the function returns for an input, or for the arguments of a scorer given by name."""
        return self._invoke(self.function, args[0] if args else kwargs)

    def _name(self) -> str:
        return self.function.slug or self.__name__

    def eval(  # noqa: PLR0913 - what a scorer may ask for
        self,
        *,
        input: Any,  # noqa: A002 - Braintrust's word
        output: Any,
        expected: Any,
        metadata: Mapping[str, Any],
        tags: Sequence[str],
        id: str | None = None,  # noqa: A002
        trace: Any = None,
    ) -> Any:
        """What the function says as a scorer of one case; it is told where the case's trace is."""
        given = {
            "input": input,
            "output": output,
            "expected": expected,
            "metadata": metadata,
            "tags": list(tags),
            "id": id,
        }
        if trace is not None:
            given["trace"] = {"trace_ref": trace.get_configuration()}
        return self._invoke(self.function, given)
