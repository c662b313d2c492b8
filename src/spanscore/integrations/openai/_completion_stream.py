"""The chunks of a streamed completion of a prompt, put together."""

from collections.abc import Mapping
from typing import Any, Final, cast

from spanscore.integrations._plain import Fields, fields_of, plain
from spanscore.integrations.openai._answer import items

_HEAD: Final = ("id", "model", "usage")
_MERGED: Final = frozenset({"index", "text", "logprobs"})


class CompletionAccumulator:
    """Joins texts and log probabilities of each choice; gives the shape of a whole completion."""

    def __init__(self) -> None:
        self._head: dict[str, Any] = {}
        self._choices: dict[int, _Choice] = {}

    def add(self, chunk: Any) -> None:
        fields = fields_of(chunk)
        for name in _HEAD:
            value = fields.get(name)
            if value is not None:
                self._head[name] = value
        for one in items(fields.get("choices")):
            choice = fields_of(one)
            index = choice.get("index")
            key = index if isinstance(index, int) else 0
            merged = self._choices.get(key) or self._choices.setdefault(key, _Choice())
            merged.add(choice)

    def response(self) -> Mapping[str, Any]:
        choices = [{"index": index, **self._choices[index].whole()} for index in sorted(self._choices)]
        return {**self._head, "choices": choices}


class _Choice:
    """A choice as far as it has come; its text is joined at the end, so that a long one costs linear time."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._logprobs: dict[str, list[Any]] = {}
        self._rest: dict[str, Any] = {}

    def add(self, choice: Fields) -> None:
        text = choice.get("text")
        if isinstance(text, str):
            self._texts.append(text)
        for part, values in fields_of(choice.get("logprobs")).items():
            if isinstance(values, list):
                self._logprobs.setdefault(part, []).extend(cast("list[Any]", values))
        for name, value in choice.items():
            if value is not None and name not in _MERGED:
                self._rest[name] = value

    def whole(self) -> dict[str, Any]:
        known = {"text": "".join(self._texts), "logprobs": self._logprobs or None, "finish_reason": None}
        return {**known, **{name: plain(value) for name, value in self._rest.items()}}
