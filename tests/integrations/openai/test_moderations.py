"""A moderation is told by what is to be judged and the results, in every call form."""

from typing import Any

import openai
import pytest

from fake_openai import FakeOpenAI, failure, whole
from openai_forms import client_of
from openai_operations import WHOLE, Form, Operation
from span_reading import attribute, told
from spanscore.integrations._endpoint import Description
from spanscore.integrations.openai._moderations import MODERATIONS
from spanscore.testing import RecordedRecords, recorded_spans

PARTS = [
    {"type": "text", "text": "I like you"},
    {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
]
CREATE = Operation(of="moderations", arguments={"input": PARTS, "model": "omni-moderation-latest"})
CATEGORIES = ("harassment", "hate/threatening", "self-harm/intent", "violence/graphic")
RESULT: dict[str, Any] = {
    "flagged": False,
    "categories": dict.fromkeys(CATEGORIES, False),
    "category_scores": dict.fromkeys(CATEGORIES, 0.25),
    "category_applied_input_types": {name: ["text"] for name in CATEGORIES},
}
ANSWER = {"id": "modr-1", "model": "omni-moderation-2024-09-26", "results": [RESULT]}
TOLD: dict[str, Any] = {
    "input": PARTS,
    "output": [RESULT],
    "metadata": {"provider": "openai", "model": "omni-moderation-2024-09-26"},
    "metrics": None,
}


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_every_form(form: Form, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole(ANSWER))
    await form(server.url, CREATE)
    (span,) = recorded.spans
    assert (span.name, attribute(span, "span_attributes"), told(span)) == (
        "Moderation",
        {"type": "llm"},
        TOLD,
    )
    assert {name: value for name, value in (span.attributes or {}).items() if name.startswith("gen_ai.")} == {
        "gen_ai.operation.name": "moderation",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "omni-moderation-latest",
        "gen_ai.response.id": "modr-1",
        "gen_ai.response.model": "omni-moderation-2024-09-26",
    }


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_an_error_is_recorded(form: Form, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(failure(401, "no key"))
    with pytest.raises(openai.AuthenticationError, match="no key"):
        await form(server.url, CREATE)
    (span,) = recorded.spans
    assert (attribute(span, "input_json"), attribute(span, "output_json")) == (PARTS, None)
    assert (span.attributes or {})["error.type"] == "openai.AuthenticationError"


def test_the_model_need_not_be_asked_for(server: FakeOpenAI) -> None:
    server.reply(whole(ANSWER))
    with recorded_spans(capture="all") as recorded, client_of(server.url) as client:
        client.moderations.create(input="x")
    assert attribute(recorded.spans[0], "metadata") == {**TOLD["metadata"], "id": "modr-1"}


@pytest.mark.parametrize("answer", [None, 5, "text", [], {}, {"results": None, "model": 5, "id": None}])
def test_an_answer_that_says_nothing(answer: Any) -> None:
    assert MODERATIONS.response(answer) == Description()
