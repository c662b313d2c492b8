"""Project ids by name, over a real socket."""

from collections.abc import Iterator

import pytest

from http_sink import Answer, HttpSink
from spanscore._http.sender import HttpSender
from spanscore._http.settings import HttpSettings
from spanscore.delivery._braintrust_projects import Projects
from spanscore.errors import RetryLaterError, UnauthorizedError

pytestmark = pytest.mark.core

ONE, TWO = {"authorization": "Bearer key-of-one"}, {"authorization": "Bearer key-of-two"}


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with HttpSink() as each:
        yield each


def projects(sink: HttpSink, org_name: str | None = None) -> Projects:
    return Projects(HttpSender(HttpSettings(endpoint=sink.url)), sink.url, org_name)


def test_a_name_is_asked_for_once_a_key(sink: HttpSink) -> None:
    sink.script += [Answer(body=b'{"id":"p1"}'), Answer(body=b'{"id":"p2"}'), Answer(body=b'{"id":"p3"}')]
    known = projects(sink)
    assert [known.id_of("Café", ONE), known.id_of("Café", ONE)] == ["p1", "p1"]
    assert [known.id_of("Café", TWO), known.id_of("b", ONE)] == ["p2", "p3"]
    assert [(each.path, each.body.decode()) for each in sink.requests] == [
        ("/v1/project", '{"name":"Café"}'),
        ("/v1/project", '{"name":"Café"}'),
        ("/v1/project", '{"name":"b"}'),
    ]


def test_the_organization_is_sent_when_set(sink: HttpSink) -> None:
    sink.script.append(Answer(body=b'{"id":"p1"}'))
    projects(sink, "acme").id_of("a", ONE)
    assert sink.requests[0].body == b'{"name":"a","org_name":"acme"}'
    assert sink.requests[0].headers["authorization"] == "Bearer key-of-one"


@pytest.mark.parametrize("body", [b"", b"[]", b"fine", b"{}", b'{"id":null}', b'{"id":""}', b"1"])
def test_an_answer_without_an_id_is_asked_for_again_later(sink: HttpSink, body: bytes) -> None:
    sink.script += [Answer(body=body), Answer(body=b'{"id":"p1"}')]
    known = projects(sink)
    with pytest.raises(RetryLaterError, match="without the id of project 'a'"):
        known.id_of("a", ONE)
    assert known.id_of("a", ONE) == "p1"


def test_a_refusal_is_not_remembered(sink: HttpSink) -> None:
    sink.script += [Answer(status=403), Answer(body=b'{"id":"p1"}')]
    known = projects(sink)
    with pytest.raises(UnauthorizedError):
        known.id_of("a", ONE)
    assert known.id_of("a", ONE) == "p1"
