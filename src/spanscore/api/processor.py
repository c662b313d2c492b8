"""The span processor that a program adds to a provider of its own."""

from collections.abc import Mapping, Sequence
from typing import get_args

from opentelemetry import trace
from opentelemetry.sdk.trace.export import SpanExporter
from opentelemetry.trace import TracerProvider
from typing_extensions import Self

from spanscore._config import Settings
from spanscore._connect import Connection, connect
from spanscore.api._destinations import told_apart
from spanscore.api._recording import flush_with_others
from spanscore.errors import ConfigError
from spanscore.tracing import (
    RECORDING,
    CustomFilter,
    KeepRoots,
    Origins,
    Sink,
    SinkProcessor,
    SpanFilter,
    Standing,
    add_processor,
    is_sdk_disabled,
    say_that_nothing_arrives,
)
from spanscore.wire.parent import Parent
from spanscore.wire.records import Record


class SpanscoreSpanProcessor(SinkProcessor):
    """Ships the spans of an OpenTelemetry provider: all of them, unless its arguments choose.

    `parent` is the container of spans that nobody placed, such as "project_name:support bot"; None is the
    project of the settings. `destinations` are those of `setup`; `api_key`, `api_url` and `headers` are for
    Braintrust, which any of them makes the destination. Without any of these four spans go where the program
    records, or would by the environment.

    `filter_ai_spans` (`BRAINTRUST_FILTER_AI_SPANS`) keeps only what has an attribute that begins with
    `gen_ai.`, `braintrust.`, `llm.`, `ai.` or `traceloop.`; `keep_roots` then keeps roots besides: "none",
    those "with_ai_descendants", or "all". A `custom_filter` is asked first: it takes a finished span and
    returns True (or a positive number) to keep it, False (or a negative one) to drop it, None (or 0) to leave
    it to the next. The spans of an eval are always kept.

    A provider takes one: a second is refused with a warning, unless it has `allow_second`, for another
    account. `setup`, `init_logger` and `Eval` find it and add none that leads to the same place. Raises
    ParentError and ConfigError.

    >>> from opentelemetry.sdk.trace import TracerProvider
    >>> from spanscore import SpanscoreSpanProcessor
    >>> provider = TracerProvider()
    >>> provider.add_span_processor(SpanscoreSpanProcessor(parent="project_name:support bot"))
    """

    def __init__(
        self,
        *,
        parent: str | None = None,
        api_key: str | None = None,
        api_url: str | None = None,
        headers: Mapping[str, str] | None = None,
        destinations: Sequence[str | SpanExporter] | None = None,
        filter_ai_spans: bool | None = None,
        custom_filter: CustomFilter | Sequence[CustomFilter] = (),
        keep_roots: KeepRoots = "none",
        allow_second: bool = False,
    ) -> None:
        has_own = any(given is not None for given in (api_key, api_url, headers, destinations))
        if has_own and destinations is None:
            destinations = ("braintrust",)
        named, exporters = told_apart(destinations)
        if keep_roots not in get_args(KeepRoots):
            raise ConfigError(f"keep_roots is {keep_roots!r}; give one of {', '.join(get_args(KeepRoots))}")
        settings = Settings.from_env(
            destinations=named, api_key=api_key, api_url=api_url, filter_ai_spans=filter_ai_spans
        )
        connection = connect(settings, exporters=exporters, headers=headers)
        self._way = _Way(connection, follows=not has_own, may_follow=not headers)
        custom = (custom_filter,) if callable(custom_filter) else custom_filter
        chosen = SpanFilter(custom, ai_only=settings.filter_ai_spans, keep_roots=keep_roots)
        super().__init__(
            self._way,
            accepts=None if chosen.is_open() else chosen.keeps,
            started=chosen.started,
            close=self._way.close,
            default_parent=settings.parent if parent is None else str(Parent.parse(parent)),
            origins=Origins(settings),
            standing=Standing(is_by_hand=True, shares=not has_own, allows_second=allow_second),
        )
        self._is_useless = is_sdk_disabled()
        if self._is_useless:
            say_that_nothing_arrives("OTEL_SDK_DISABLED switches OpenTelemetry off")

    def add_to(self, provider: TracerProvider | None = None) -> Self:
        """This processor, added to `provider`, to the global one when None.

        A provider that can take none, or one that does nothing, is left alone and said.

        >>> from opentelemetry.sdk.trace import TracerProvider
        >>> from spanscore import SpanscoreSpanProcessor
        >>> processor = SpanscoreSpanProcessor(filter_ai_spans=True).add_to(TracerProvider())
        """
        if not self._is_useless:
            add_processor(trace.get_tracer_provider() if provider is None else provider, self)
        return self


BraintrustSpanProcessor = SpanscoreSpanProcessor


class _Way:
    """Leads to the connection of one processor, or, with `follows`, to that of the program if it has one.

    With `may_follow` also where both lead to the same place: the program's knows what of an eval is kept on
    this machine, and what belongs to another account.
    """

    def __init__(self, connection: Connection, *, follows: bool, may_follow: bool) -> None:
        self._own: Sink = connection.outbox
        self._connection = connection
        self._follows = follows
        self._may_follow = may_follow
        self._asked: tuple[Sink | None, bool] = (None, False)
        self._is_used = False

    @property
    def identities(self) -> frozenset[str]:
        """The identities of the destinations."""
        return frozenset(getattr(self._own, "identities", ()))

    def put(self, record: Record) -> None:
        """Take one record."""
        recorded = self._recorded()
        if recorded is None:
            if not self._is_used:
                self._is_used = True
                flush_with_others(self._connection.outbox)
            self._own.put(record)
        else:
            recorded.put(record)

    def _recorded(self) -> Sink | None:
        """Where the program records, if that is where this processor leads."""
        recorded = RECORDING.sink
        if recorded is None or self._follows:
            return recorded
        asked, is_same = self._asked
        if asked is not recorded:
            is_same = self._may_follow and getattr(recorded, "identities", None) == self.identities
            self._asked = recorded, is_same
        return recorded if is_same else None

    def flush(self, timeout_s: float) -> object:
        """Wait until everything taken so far is safe."""
        recorded = self._recorded()
        is_flushed = recorded is None or bool(recorded.flush(timeout_s))
        return is_flushed and (not self._is_used or bool(self._own.flush(timeout_s)))

    def close(self) -> None:
        """Let go of the connection of its own."""
        if self._is_used:
            self._connection.outbox.close()
