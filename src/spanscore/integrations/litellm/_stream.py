"""The chunks of litellm's streams, put together by OpenAI's accumulators."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from spanscore.integrations._endpoint import Accumulator
from spanscore.integrations._plain import fields_of
from spanscore.integrations.litellm._answer import HIDDEN, USAGES
from spanscore.integrations.openai._chunk import chunk_fields
from spanscore.integrations.openai._responses_stream import ResponsesAccumulator

if TYPE_CHECKING:
    from spanscore.integrations.litellm._parts import Chunks

_USAGE: Final = "usage"


class PartsAccumulator:
    """Chunks with deltas of choices, of chats or of texts.

    Usage stands in the chunks that litellm has got, of which `received` has a list for each stream. In those
    that it gives out it stands only if that was asked for, else in the last one's hidden parameters, and
    counted by litellm itself if the provider told nothing.
    """

    def __init__(self, inner: Accumulator) -> None:
        self.received: list[Chunks] = []
        self._inner = inner
        self._last: Any = None
        self._usage: Any = None

    def add(self, chunk: Any) -> None:
        self._last = chunk
        usage = getattr(chunk, _USAGE, None)
        if usage is not None:
            self._usage = usage
        self._inner.add(chunk)

    def response(self) -> Mapping[str, Any]:
        hidden = fields_of(getattr(self._last, HIDDEN, None))
        received = (getattr(chunk, _USAGE, None) for chunks in self.received for chunk in tuple(chunks))
        told = [usage for usage in received if usage is not None]
        usages = told or [self._usage if self._usage is not None else hidden.get(_USAGE)]
        # The last chunk's model: a router's stream may have gone on with another one.
        model = getattr(self._last, "model", None)
        return {**self._inner.response(), "model": model, HIDDEN: hidden, USAGES: usages}


class EventAccumulator:
    """Events of the Responses API, whose types are members of an enumeration in litellm."""

    def __init__(self) -> None:
        self._inner = ResponsesAccumulator()
        self._hidden: Mapping[str, Any] = {}

    def add(self, chunk: Any) -> None:
        event = chunk_fields(chunk)
        kind: Any = getattr(event.get("type"), "value", None)
        self._inner.add(chunk if kind is None else {**event, "type": kind})
        self._hidden = fields_of(getattr(event.get("response"), HIDDEN, None)) or self._hidden

    def response(self) -> Mapping[str, Any]:
        return {**self._inner.response(), HIDDEN: self._hidden}
