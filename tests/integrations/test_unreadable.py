"""What the clients' own parser says of a body."""

import json

import pytest

from spanscore.integrations._unreadable import json_problem, says_json

pytestmark = pytest.mark.core


@pytest.mark.parametrize("body", [b"{}", b"null", b"[1]", b"NaN", b'"\\ud800"', b'\xef\xbb\xbf{"a": 1}'])
def test_what_the_clients_parse_is_no_problem(body: bytes) -> None:
    json.loads(body)
    assert json_problem(body) is None


@pytest.mark.parametrize("body", [b"", b"{", b'{"a": 1}}', b"<html>", b'{"a": "\xff"}'])
def test_the_problem_is_what_the_clients_raise(body: bytes) -> None:
    with pytest.raises(ValueError) as raised:
        json.loads(body)
    problem = json_problem(body)
    assert (type(problem), str(problem)) == (raised.type, str(raised.value))


@pytest.mark.parametrize(
    ("content_type", "is_json"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/problem+json", True),
        ("text/html", False),
        ("application/json-seq", False),
        ("", False),
    ],
)
def test_content_types_that_are_parsed(content_type: str, is_json: bool) -> None:
    assert says_json(content_type) is is_json
