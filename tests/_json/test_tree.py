import pytest

from spanscore._json._tree import Gap, dump, utf8

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("text", "carried"),
    [("plain", "plain"), ("é😀", "é😀"), ("a\udce9b", "a\\udce9b"), ("\ud83d\ude00", "\\ud83d\\ude00")],
)
def test_utf8_can_be_encoded(text: str, carried: str) -> None:
    assert utf8(text) == carried
    carried.encode()


def test_gaps_are_written_as_text() -> None:
    assert dump([Gap(1234, "items"), Gap(None, "keys")]) == (
        b'["[spanscore: 1,234 items cut]","[spanscore: more keys cut]"]'
    )
