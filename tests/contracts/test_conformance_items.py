"""Every item of the span conventions on models, tokens, attachments and classifiers has a test of its number.

Those without one are named here, with the test that covers them or the reason why nothing does.
"""

import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
ITEMS = range(9, 91)

COVERED_BY = {
    31: "integrations/test_run.py::test_what_model_calls_took_is_summed_up_where_that_is_wanted",
    43: "integrations/langchain/test_callbacks.py::test_a_chain_is_a_task_above_its_steps",
    48: "tracing/test_recording.py::test_spans_have_their_origin_and_environment",
    49: "store/test_origin.py::test_attribute_table",
    50: "store/test_origin.py::test_attribute_table",
    57: "wire/test_anthropic_usage.py::test_anthropic_usage_metrics",
    61: "wire/test_anthropic_usage.py::test_anthropic_usage_metrics",
}
NOT_MET = {
    56: "the server computes no costs yet; calls have theirs where `estimate_cost` asks for it",
    58: "optional: one figure is estimated, without a breakdown",
    90: "code is not pushed to a server",
}

_IN_NAME = re.compile(r"def test_\w*?items?_(\d+(?:_(?:and|to)_\d+|_\d+)*)")
_IN_TABLE = re.compile(r'^\s+"(\d+)[ ,:][^"]*":', re.MULTILINE)


def named_in(text: str) -> set[int]:
    numbers: set[int] = set()
    for found in _IN_NAME.findall(text):
        first, *rest = (int(number) for number in re.findall(r"\d+", found))
        numbers |= set(range(first, rest[0] + 1)) if "_to_" in found else {first, *rest}
    return numbers


def items_with_a_test() -> set[int]:
    found: set[int] = set()
    for path in TESTS.rglob("test_*.py"):
        text = path.read_text()
        found |= named_in(text)
        if path.name == "test_conformance.py":
            found |= {int(number) for number in _IN_TABLE.findall(text)}
    return found


def test_every_item_has_a_test_or_a_reason() -> None:
    tested = items_with_a_test()
    assert [item for item in ITEMS if item not in tested | set(COVERED_BY) | set(NOT_MET)] == []
    assert [item for item in (*COVERED_BY, *NOT_MET) if item in tested] == []


def test_what_is_said_to_cover_an_item_is_there() -> None:
    for place in COVERED_BY.values():
        path, _, name = place.partition("::")
        assert f"def {name}(" in (TESTS / path).read_text(), place
