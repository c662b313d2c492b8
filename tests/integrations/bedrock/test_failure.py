"""An exception of botocore says its status, its request's id and AWS's code."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EventStreamError, NoCredentialsError
from hypothesis import given
from hypothesis import strategies as st

from spanscore.integrations.bedrock._failure import client_error

FAILED: Any = {
    "Error": {"Code": "ThrottlingException", "Message": "slow down"},
    "ResponseMetadata": {"HTTPStatusCode": 429, "RequestId": "5f6a", "RetryAttempts": 3},
}


def test_a_client_error_says_all() -> None:
    assert client_error(ClientError(FAILED, "Converse")) == {
        "http.response.status_code": 429,
        "http.response.header.x-request-id": ("5f6a",),
        "aws.error.code": "ThrottlingException",
    }


def test_an_error_in_a_stream_has_a_code_only() -> None:
    error = EventStreamError({"Error": {"Code": "modelStreamErrorException"}}, "ConverseStream")
    assert client_error(error) == {"aws.error.code": "modelStreamErrorException"}


@pytest.mark.parametrize("error", [NoCredentialsError(), ValueError("no"), KeyboardInterrupt()])
def test_other_errors_say_nothing(error: BaseException) -> None:
    assert client_error(error) == {}


NAMES = ["Error", "Code", "ResponseMetadata", "HTTPStatusCode", "RequestId"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=6,
)


@given(VALUES)
def test_a_response_of_any_shape_can_be_read(response: Any) -> None:
    error = ValueError("no")
    error.response = response  # pyright: ignore[reportAttributeAccessIssue]
    client_error(error)
