"""Which finished spans are shipped."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, cast

from opentelemetry.sdk.trace import ReadableSpan, Span

from spanscore.tracing._guard import quietly
from spanscore.tracing._roots import LocalRoots, is_local_root
from spanscore.tracing._span import RecordedSpan
from spanscore.wire.attributes import AI_PREFIXES, EVAL_SCOPE, SCOPE, SYSTEM

CustomFilter = Callable[[ReadableSpan], bool | int | None]
"""A user's decision: True or a positive number keeps, False or a negative one drops, None and 0 decide no."""

KeepRoots = Literal["none", "with_ai_descendants", "all"]

_OURS = (SCOPE, EVAL_SCOPE)
_ASKING = quietly("asking a custom filter")


def is_ours(span: ReadableSpan) -> bool:
    """True for spans made through this library."""
    # Past the property for our own class of spans: every one of them is asked about.
    tracer = span._tracer if type(span) is RecordedSpan else span  # pyright: ignore[reportPrivateUsage]
    scope = tracer.instrumentation_scope
    return scope is not None and scope.name in _OURS


def is_ai_span(span: ReadableSpan) -> bool:
    """True if an attribute has one of the AI prefixes; attributes that only route do not count.

    Prefixes and exemptions follow the Braintrust instrumentation guide.
    """
    # A span of somebody's own class may have keys of any type.
    keys = cast("Iterable[object]", span.attributes or ())
    return any(isinstance(key, str) and key.startswith(AI_PREFIXES) and key not in SYSTEM for key in keys)


def is_shippable(span: ReadableSpan) -> bool:
    """True for the spans that we ship from a provider of the user's: ours, and those about AI."""
    return is_ours(span) or is_ai_span(span)


class SpanFilter:
    """What the arguments of a processor say about which spans it ships.

    The spans of an eval are always kept: its figures are computed from them. Otherwise the first custom
    filter that decides has the word. With `ai_only` what is left is kept when it is about AI; `keep_roots`
    then says which roots are kept besides: all, none, or those with a span below them that was kept.
    """

    def __init__(
        self, custom: Sequence[CustomFilter] = (), *, ai_only: bool = False, keep_roots: KeepRoots = "none"
    ) -> None:
        self._custom = tuple(custom)
        self._ai_only = ai_only
        self._keep_roots = keep_roots
        self._roots = LocalRoots() if ai_only and keep_roots == "with_ai_descendants" else None

    def is_open(self) -> bool:
        """True if it keeps every span."""
        return not self._custom and not self._ai_only

    def started(self, span: Span) -> None:
        """Take note of a span that starts."""
        if self._roots is not None:
            self._roots.started(span)

    def keeps(self, span: ReadableSpan) -> bool:
        """True if a span that has ended is to be shipped; asked once for each span."""
        decision = self._decision(span)
        if decision is None:
            decision = not self._ai_only or is_ai_span(span)
            undecided = not decision
        else:
            undecided = False
        below = False if self._roots is None else self._roots.ended(span, kept=decision)
        return decision or (undecided and self._keeps_root(span, has_kept_below=below))

    def _keeps_root(self, span: ReadableSpan, *, has_kept_below: bool) -> bool:
        return has_kept_below or (self._keep_roots == "all" and is_local_root(span))

    def _decision(self, span: ReadableSpan) -> bool | None:
        scope = span.instrumentation_scope
        if scope is not None and scope.name == EVAL_SCOPE:
            return True
        for custom in self._custom:
            with _ASKING:
                decision = custom(span)
                if decision is not None and (isinstance(decision, bool) or decision != 0):
                    return bool(decision > 0)
        return None
