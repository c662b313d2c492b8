"""Where to look at spans."""

from urllib.parse import parse_qs, urlsplit

import pytest

from fake_braintrust import KEY, FakeBraintrust
from spanscore import NOOP_SPAN, NOOP_SPAN_PERMALINK, init_logger, permalink, start_span
from spanscore.errors import ParentError

pytestmark = pytest.mark.core


def test_with_the_embedded_store_it_is_a_command() -> None:
    logger = init_logger("bot")
    with start_span("a") as span:
        exported = span.export()
    assert permalink(exported) == span.link() == span.permalink() == f"spanscore trace {span.root_span_id}"
    with pytest.raises(ParentError, match="no span in it"):
        permalink(logger.export())
    assert permalink("") == NOOP_SPAN_PERMALINK
    assert permalink(NOOP_SPAN.export()) == NOOP_SPAN_PERMALINK


def test_whose_it_is_may_be_told() -> None:
    with start_span("a", parent="experiment_id:e1") as _:
        pass
    init_logger(project_id="p1")
    with start_span("a") as span:
        url = permalink(span.export(), "my org", "https://app.example/")
    assert url == (
        f"https://app.example/app/my%20org/object?object_type=project_logs&object_id=p1&id={span.id}"
    )


def test_with_an_account_it_is_a_page_of_its(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeBraintrust() as server:
        monkeypatch.setenv("BRAINTRUST_API_URL", server.url)
        monkeypatch.setenv("BRAINTRUST_APP_URL", server.url)
        init_logger("bot", api_key=KEY)
        with start_span("a") as span:
            parts = urlsplit(span.link())
        assert parts.path == "/app/first/object"
        asked = {"object_type": ["project_logs"], "object_id": [server.projects[0]["id"]], "id": [span.id]}
        assert parse_qs(parts.query) == asked
