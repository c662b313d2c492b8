"""What a request and an answer say, for the ways in which they may deviate."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_bedrock import answer
from spanscore.integrations._endpoint import Description, Request
from spanscore.integrations.bedrock._converse import CONVERSE, CONVERSE_STREAM


def test_an_answer_is_described() -> None:
    got = answer(
        {"text": "hi"}, trace={"guardrail": {}}, serviceTier={"type": "default"}, ResponseMetadata={"a": 1}
    )
    assert CONVERSE.response(got) == Description(
        output=[{"role": "assistant", "content": [{"type": "text", "text": "hi"}], "stopReason": "end_turn"}],
        more={
            "stopReason": "end_turn",
            "metrics": {"latencyMs": 321},
            "trace": {"guardrail": {}},
            "serviceTier": {"type": "default"},
            "ResponseMetadata": {"a": 1},
        },
        metrics={"prompt_tokens": 5, "completion_tokens": 7, "tokens": 12},
        attributes={
            "gen_ai.response.finish_reasons": ["end_turn"],
            "gen_ai.usage.input_tokens": 5,
            "gen_ai.usage.output_tokens": 7,
        },
    )


def test_the_model_that_a_router_chose_is_told() -> None:
    chosen = "arn:aws:bedrock:us-east-1:1:inference-profile/us.meta.llama3-1-8b-instruct-v1:0"
    described = CONVERSE.response(answer(trace={"promptRouter": {"invokedModelId": chosen}}))
    assert described.metadata == {"model": "us.meta.llama3-1-8b-instruct-v1:0"}
    assert described.attributes["gen_ai.response.model"] == "us.meta.llama3-1-8b-instruct-v1:0"


@pytest.mark.parametrize(
    ("deviating", "output"),
    [
        ({"output": None}, None),
        ({"output": {}}, {}),
        ({"output": {"message": None}}, {"message": None}),
        ({"output": {"message": {}}, "stopReason": "x"}, [{"stopReason": "x"}]),
        ({"output": {"message": {"content": "hi"}}}, [{"content": "hi"}]),
        (
            {"output": {"message": {"content": [None, {"text": 5}]}}},
            [{"content": [None, {"type": "text", "text": 5}]}],
        ),
        ([1], None),
        (None, None),
    ],
)
def test_a_deviating_answer_is_told_as_it_is(deviating: Any, output: Any) -> None:
    assert CONVERSE.response(deviating).output == output


NAMES = [
    "output",
    "message",
    "content",
    "role",
    "usage",
    "stopReason",
    "trace",
    "promptRouter",
    "invokedModelId",
]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=3)
    | st.just("arn:aws:b:r:1:inference-profile/x"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_an_answer_of_any_shape_can_be_described(value: Any) -> None:
    CONVERSE.response(value)
    CONVERSE_STREAM.response(value)


@given(
    st.dictionaries(
        st.sampled_from(["modelId", "messages", "system", "toolConfig", "inferenceConfig"]), VALUES
    )
)
def test_a_request_of_any_shape_can_be_described(body: dict[str, Any]) -> None:
    CONVERSE.request(Request(body=body))
