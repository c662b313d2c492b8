"""The module is wrapped once and for all, or patched until that is undone; both give one span."""

from collections.abc import Iterator
from typing import Any

import pytest

from fake_openai import FakeOpenAI
from litellm_forms import MESSAGES, MODEL, litellm, options
from spanscore import wrap_litellm
from spanscore.errors import InstrumentError
from spanscore.integrations.litellm import _WRAPPED, patch
from spanscore.testing import RecordedRecords


@pytest.fixture(autouse=True)
def _unwrapped() -> Iterator[None]:
    """Undoes what users cannot."""
    yield
    wrapped: Any = getattr(litellm, _WRAPPED, None)
    if wrapped is not None:
        delattr(litellm, _WRAPPED)
        wrapped.undo()


def ask(server: FakeOpenAI) -> None:
    litellm.completion(MODEL, MESSAGES, **options(server.url))


def test_wrapping_twice_records_once(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    assert wrap_litellm(litellm) is litellm
    function = litellm.completion
    wrap_litellm(litellm)
    assert litellm.completion is function
    ask(server)
    assert len(recorded.spans) == 1


@pytest.mark.parametrize("is_wrapped_first", [True, False])
def test_wrapped_and_patched_is_one_span(
    is_wrapped_first: bool, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    if is_wrapped_first:
        wrap_litellm(litellm)
    undo = patch()
    wrap_litellm(litellm)
    ask(server)
    assert len(recorded.spans) == 1
    undo()
    ask(server)
    assert len(recorded.spans) == 2


def test_a_patch_is_undone(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    before = dict(vars(litellm.Router)), litellm.completion, litellm.main.completion
    undo = patch()
    undo()
    undo()
    assert (dict(vars(litellm.Router)), litellm.completion, litellm.main.completion) == before
    ask(server)
    assert recorded.spans == []


@pytest.mark.parametrize("given", [object(), None, "litellm", pytest])
def test_anything_but_the_module_is_refused(given: Any) -> None:
    with pytest.raises(InstrumentError, match="object is not the module litellm; give that"):
        wrap_litellm(given)


def test_a_version_that_is_too_old_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(litellm._version, "version", "1.77.7")
    for record in (lambda: wrap_litellm(litellm), patch):
        with pytest.raises(InstrumentError, match=r"litellm 1.77.7 is too old.*litellm>=1.78.0"):
            record()
