"""Labels: what span attributes say about a span."""

import pytest

from spanscore._json import JsonText
from spanscore.store._label import Label, label

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, Label(None, None, None)),
        ('{"type":"llm","name":"n","purpose":"scorer"}', Label("llm", "n", "scorer")),
        ('{"type":5,"name":"","purpose":null}', Label(None, None, None)),
        ('{"type":"llm","x":"' + "y" * 5000 + '"}', Label("llm", None, None)),
    ],
)
def test_label(text: str | None, expected: Label) -> None:
    assert label(None if text is None else JsonText(text)) == expected
