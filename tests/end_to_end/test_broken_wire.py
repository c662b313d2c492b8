"""Calls of mocks whose answers break on the way, at any byte."""

from collections.abc import Mapping
from typing import Any

import pytest

from end_to_end.broken_wire import Break, Wire
from end_to_end.calls import IMPATIENT, Form, Patience, forms
from end_to_end.comparison import How, called, expected, told
from end_to_end.mock_server import FAKELLM_PATHS, LLMOCK_PATHS
from end_to_end.outcome import Outcome, without_what_varies
from spanscore.testing import RecordedRecords

FORMS = {name: form for name, form in forms().items() if form.is_plain}
PLACES = (0, 100, 270, 700)
"""Bytes from where on it breaks: whole answers have some 300, streams more than a thousand."""
TRYING_AGAIN = {
    name: form
    for name, form in FORMS.items()
    if not form.is_stream and not form.is_read_later and form.provider != "google_genai"
}

each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


@pytest.fixture
def wire(form: Form, wires: Mapping[str, Wire]) -> Wire:
    """The wire to the mock that knows this form, the second one if it does."""
    return wires["fakellm" if form.is_known_to_fakellm else "llmock"]


@each_form
@pytest.mark.parametrize("after", PLACES)
@pytest.mark.parametrize("how", ["cut", "undecodable", "unreadable"])
async def test_caller_gets_what_it_gets_unrecorded(
    form: Form, how: Any, after: int, wire: Wire, recorded: RecordedRecords
) -> None:
    await compare(form, Break(how=how, after=after), wire, recorded)


@each_form
async def test_answer_may_come_in_tiny_pieces(form: Form, wire: Wire, recorded: RecordedRecords) -> None:
    bare = await compare(form, Break(how="pieces"), wire, recorded)
    assert bare.error is None
    assert form.text(bare.pieces) != ""


@pytest.mark.parametrize("form", TRYING_AGAIN.values(), ids=TRYING_AGAIN)
async def test_connection_that_breaks_is_tried_again_as_often(
    form: Form, wire: Wire, recorded: RecordedRecords
) -> None:
    bare = await compare(form, Break(how="cut"), wire, recorded, Patience(retries=1))
    assert bare.error is not None
    assert len(wire.requests) == 2


async def compare(
    form: Form,
    fault: Break,
    wire: Wire,
    recorded: RecordedRecords,
    patience: Patience = IMPATIENT,
) -> Outcome:
    bare, bare_requests = await seen(form, fault, wire, None, patience)
    outcome, requests = await seen(form, fault, wire, "wrap", patience)
    assert outcome.told() == bare.told()
    assert without_what_varies(requests) == without_what_varies(bare_requests)
    (span,) = recorded.spans
    assert told(span, form) == expected(outcome, requests[-1], form)
    return bare


async def seen(
    form: Form, fault: Break | None, wire: Wire, how: How, patience: Patience = IMPATIENT
) -> tuple[Outcome, list[Any]]:
    """What the caller gets, and the bodies of the requests that have passed."""
    wire.reset(fault)
    paths = FAKELLM_PATHS if form.is_known_to_fakellm else LLMOCK_PATHS
    outcome = await called(form, wire.url + paths[form.provider], patience, how)
    return outcome, list(wire.requests)
