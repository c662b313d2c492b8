"""What the spans of all cases of an eval have in common."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, Protocol

from opentelemetry import trace
from opentelemetry.context import Context, get_current
from opentelemetry.trace import INVALID_SPAN, Link, Span

from spanscore.tracing import SpanTemplate, attribute_budget
from spanscore.tracing._open import open_span
from spanscore.tracing._start import context_below
from spanscore.tracing._unwatched import unwatched
from spanscore.wire import attributes as keys


class Template(Protocol):
    """Opens spans that differ in context and attributes alone."""

    def open(self, context: Context, attributes: Mapping[str, Any], links: Sequence[Link] = ()) -> Span:
        """A started span, not made current."""
        ...


JudgeKind = Literal["score", "classifier"]
"""The type of the span of what judges an output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalSpans:
    """What the spans of all cases of an eval have in common; opens those of a case.

    `parent` is the text of the experiment's Parent, `links` point to the span under which the eval was
    called. The spans of cases begin in `root`; what else they hand down is in `base`, the current context
    where None. `marks` stand in the metadata of each case.
    """

    parent: str | None
    links: tuple[Link, ...]
    budget: int
    template: Callable[..., Template]
    eval: Template
    task: Template
    root: Context = field(default_factory=Context)
    base: Context | None = None
    marks: Mapping[str, Any] = field(default_factory=dict[str, Any])
    judges: dict[tuple[JudgeKind, str], Template] = field(default_factory=dict[Any, Template])

    @classmethod
    def of(cls, experiment_id: str, marks: Mapping[str, Any] | None = None) -> "EvalSpans":
        """The spans of the experiment, linked to the current span if there is one."""
        above = trace.get_current_span().get_span_context()
        parent = f"experiment_id:{experiment_id}"
        template = partial(SpanTemplate, parent=parent, scope=keys.EVAL_SCOPE)
        return cls(
            parent=parent,
            links=(Link(above),) if above.is_valid else (),
            budget=attribute_budget(),
            template=template,
            eval=template("eval", span_type="eval"),
            task=template("task", span_type="task"),
            marks=marks or {},
        )

    @classmethod
    def below(cls, parent: Any) -> "EvalSpans":
        """Spans below a span of the program's, given as that or as the text that it exports."""
        root = context_below(parent)
        return cls(
            parent=None,
            links=(),
            budget=attribute_budget(),
            template=_Below,
            eval=_Below("eval", span_type="eval"),
            task=_Below("task", span_type="task"),
            root=root,
            base=root,
        )

    @classmethod
    def silent(cls) -> "EvalSpans":
        """Spans that nobody records; nor is anything recorded below them."""
        return cls(
            parent=None,
            links=(),
            budget=attribute_budget(),
            template=_Silent,
            eval=_Silent(),
            task=_Silent(),
            base=Context({**get_current(), **unwatched()}),
        )

    @property
    def is_silent(self) -> bool:
        """Whether nobody records them."""
        return isinstance(self.eval, _Silent)

    def judge(self, kind: JudgeKind, name: str) -> Template:
        """The spans of the scorer or classifier of that name."""
        found = self.judges.get((kind, name))
        if found is None:
            found = self.template(name, span_type=kind, purpose="scorer", label=name)
            self.judges[kind, name] = found
        return found


class _Below:
    """Spans whose container is that of the span above them."""

    def __init__(self, name: str, **named: Any) -> None:
        self._open = partial(open_span, name, scope=keys.EVAL_SCOPE, **named)

    def open(self, context: Context, attributes: Mapping[str, Any], links: Sequence[Link] = ()) -> Span:
        """A started span, not made current."""
        return self._open(context=context, attributes=attributes, links=links)


class _Silent:
    """Spans that are none."""

    def __init__(self, *_given: Any, **_named: Any) -> None: ...

    def open(self, context: Context, attributes: Mapping[str, Any], links: Sequence[Link] = ()) -> Span:
        """The span that records nothing."""
        return INVALID_SPAN
