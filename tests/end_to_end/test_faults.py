"""Calls of a mock that fails as it is told to: the caller gets what it gets unrecorded, the span says it."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from end_to_end.calls import Form, forms
from end_to_end.comparison import How, called, expected, told
from end_to_end.faults import FAULTS, SCRIPT, SLOW_FAULTS, SLOW_STREAM_FAULTS, STREAM_FAULTS, Fault
from end_to_end.mock_server import LLMock
from end_to_end.outcome import Outcome, without_what_varies
from spanscore.testing import RecordedRecords

FORMS = forms()
_SEEN = ("method", "path", "body", "status", "fault", "sdk_retry_count")
"""What is compared of the requests that the mock has received; the rest are times."""


def cases(forms: Mapping[str, Form], any_: Mapping[str, Fault], of_streams: Mapping[str, Fault]) -> list[Any]:
    return [
        pytest.param(form, fault, id=f"{name}, {what}")
        for name, form in forms.items()
        for what, fault in {**any_, **(of_streams if form.is_stream else {})}.items()
    ]


@pytest.mark.parametrize(("form", "fault"), cases(FORMS, FAULTS, STREAM_FAULTS))
async def test_caller_gets_what_it_gets_unrecorded(
    form: Form, fault: Fault, mock: LLMock, recorded: RecordedRecords
) -> None:
    await compare(form, fault, mock, recorded, ("wrap", "instrument"))


PATIENT = {name: form for name, form in FORMS.items() if form.is_patient}


@pytest.mark.parametrize(("form", "fault"), cases(PATIENT, SLOW_FAULTS, SLOW_STREAM_FAULTS))
async def test_caller_waits_no_longer_than_unrecorded(
    form: Form, fault: Fault, mock: LLMock, recorded: RecordedRecords
) -> None:
    await compare(form, fault, mock, recorded, ("wrap",))


async def compare(
    form: Form, fault: Fault, mock: LLMock, recorded: RecordedRecords, ways: Sequence[How]
) -> None:
    bare, bare_requests = await seen(form, fault, mock, None)
    bare_findings = mock.findings()
    assert recorded.spans == []
    for how in ways:
        outcome, requests = await seen(form, fault, mock, how)
        assert outcome.told() == bare.told()
        assert without_what_varies(requests) == without_what_varies(bare_requests)
        assert mock.findings() == bare_findings
        assert told(recorded.spans.pop(), form) == expected(outcome, requests[-1]["body"], form)
        assert recorded.spans == []


async def seen(form: Form, fault: Fault, mock: LLMock, how: How) -> tuple[Outcome, list[dict[str, Any]]]:
    """What the caller gets, and what the mock has received."""
    mock.script(*SCRIPT, *fault.behaviours)
    outcome = await called(form, mock.base_url(form.provider), fault.patience, how)
    return outcome, [{name: request[name] for name in _SEEN} for request in mock.requests()]
