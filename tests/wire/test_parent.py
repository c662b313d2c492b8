"""The text of a container and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.errors import ParentError
from spanscore.wire.parent import Parent, ParentKind

pytestmark = pytest.mark.core


@given(kind=st.sampled_from(ParentKind), value=st.text(min_size=1))
def test_text_and_value_are_the_same(kind: ParentKind, value: str) -> None:
    parent = Parent(kind, value)
    assert Parent.parse(str(parent)) == parent


@pytest.mark.parametrize("text", ["", "project_name", "project_name:", ":x", "dataset:x", "Project_Name:x"])
def test_what_is_no_parent_is_named(text: str) -> None:
    with pytest.raises(ParentError) as caught:
        Parent.parse(text)
    assert str(caught.value) == (
        f"{text!r} is no parent; give one of project_id:…, project_name:…, experiment_id:…, playground_id:…"
    )
