"""The JSON of a field of a span, within the budget that the field has."""

import pytest

from spanscore.tracing._fields import field_json

pytestmark = pytest.mark.core


def test_only_a_score_may_be_called_like_a_credential() -> None:
    named = {"no_password": 1.0}
    assert field_json("scores", named, 1000) == '{"no_password":1.0}'
    assert field_json("metadata", named, 1000) == '{"no_password":"<redacted>"}'


def test_every_field_keeps_to_its_budget() -> None:
    for name in ("input", "expected", "scores"):
        assert len(field_json(name, {"a": "b" * 1000}, 100)) <= 100
