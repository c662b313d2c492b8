"""Runs of a client's tool runner: a `task` with the calls of the model and of the tools below it."""

import functools
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing, contextmanager
from types import TracebackType
from typing import Any, Final

from spanscore import tracing
from spanscore.integrations._endpoint import Description
from spanscore.integrations._patch import Patch
from spanscore.integrations._plain import fields_of, plain
from spanscore.integrations._run import Run
from spanscore.integrations.anthropic._messages import answered, conversation
from spanscore.integrations.anthropic._parameters import gen_ai_parameters, given
from spanscore.integrations.anthropic._tool_calls import TOOLS, at_work, hook_tools, is_working
from spanscore.wire import attributes
from spanscore.wire.anthropic_usage import anthropic_usage_metrics

_NAME: Final = "anthropic.messages.tool_runner"
_RUNNERS: Final = ("BetaToolRunner", "BetaStreamingToolRunner")
_ASYNC_RUNNERS: Final = ("BetaAsyncToolRunner", "BetaAsyncStreamingToolRunner")

_preparing = tracing.quietly("preparing to record a tool runner")
_describing = tracing.quietly("describing what a tool runner did")

_NOTHING: Final = Description()

IsRecorded = Callable[[Any], bool]


def hook_runners(patch: Patch, is_recorded: IsRecorded) -> None:
    """Record the runs of tool runners whose client `is_recorded`."""
    for names, recorded in ((_RUNNERS, _recorded), (_ASYNC_RUNNERS, _recorded_async)):
        for name in names:
            kind = getattr(sys.modules.get(TOOLS), name, None)
            if isinstance(kind, type):
                run: Any = getattr(kind, "__run__")  # noqa: B009 - pyright knows no such method of a type
                patch.replace(kind, "__run__", recorded(run, is_recorded, patch))


class _Task:
    """The span of one run; ends with the generator that is the run, whichever way that ends."""

    def __init__(self, runner: Any) -> None:
        params = given(fields_of(runner._params))
        self._last: Any = None
        self._run = at_work(Run(_NAME, span_type="task", sums_up=True), runner)
        told = {attributes.GEN_AI_OPERATION_NAME: "invoke_agent", **gen_ai_parameters(params)}
        self._run.describe(Description(input=conversation(params), attributes=told))

    @contextmanager
    def step(self) -> Generator[None, None, None]:
        """Around the runner's own work; between two steps the program is in its own context."""
        self._run.enter()
        try:
            yield
        finally:
            self._run.leave()

    def take(self, item: Any) -> None:
        """Take note of an answer, or a stream of one, which the program gets now."""
        with _describing:
            self._count()
            self._last = item

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with _describing:
            self._count()
            if error is not None and not isinstance(error, GeneratorExit):
                self._run.fail(error)
        self._run.end()

    def _count(self) -> None:
        """Add the last answer to the sum, which of a stream is known when the next one is asked for."""
        answer = _message(self._last)
        metrics = anthropic_usage_metrics(plain(answer.get("usage")))
        self._run.add(_NOTHING, Description(output=answered(answer), metrics=metrics))


def _message(item: Any) -> Any:
    """The fields of an answer, or of what has been read of the stream of one."""
    if item is None or fields_of(item):
        return fields_of(item)
    try:
        return fields_of(item.current_message_snapshot)
    except (AssertionError, AttributeError):
        return {}


def _begin(runner: Any, is_recorded: IsRecorded, patch: Patch) -> _Task | None:
    if not tracing.is_recording() or is_working(runner):
        return None
    with _preparing:
        if patch.is_on and is_recorded(runner._client):
            hook_tools(patch)
            return _Task(runner)
    return None


def _recorded(run: Callable[..., Any], is_recorded: IsRecorded, patch: Patch) -> Callable[..., Any]:
    @functools.wraps(run)
    def __run__(runner: Any) -> Generator[Any, None, None]:  # noqa: N807 - it becomes that method
        items = run(runner)
        task = _begin(runner, is_recorded, patch)
        if task is None:
            yield from items
            return
        with task:
            try:
                while True:
                    with task.step():
                        try:
                            item = next(items)
                        except StopIteration:
                            return
                    task.take(item)
                    yield item
            finally:
                with task.step():
                    items.close()

    return __run__


def _recorded_async(run: Callable[..., Any], is_recorded: IsRecorded, patch: Patch) -> Callable[..., Any]:
    @functools.wraps(run)
    async def __run__(runner: Any) -> AsyncGenerator[Any, None]:  # noqa: N807 - it becomes that method
        items = run(runner)
        task = _begin(runner, is_recorded, patch)
        if task is None:
            async with aclosing(items):
                async for item in items:
                    yield item
            return
        with task:
            try:
                while True:
                    with task.step():
                        try:
                            item = await anext(items)
                        except StopAsyncIteration:
                            return
                    task.take(item)
                    yield item
            finally:
                with task.step():
                    await items.aclose()

    return __run__
