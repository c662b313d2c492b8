"""Mustache templates: what is filled in, and what is wrong with them."""

from typing import Any

import pytest

from spanscore.errors import PromptError
from spanscore.prompts._template import render

pytest.importorskip("pystache", reason="building prompts needs the extra prompts")


class Greedy:
    """An object whose attributes a template must not reach."""

    secret = "never"

    def call(self) -> str:
        raise AssertionError("called")


@pytest.mark.parametrize(
    ("template", "variables", "text"),
    [
        pytest.param("no variables", {}, "no variables", id="plain text"),
        pytest.param("{{name}}!", {"name": "Ada <&\"'>"}, "Ada <&\"'>!", id="nothing is escaped"),
        pytest.param("{{{name}}} {{&name}}", {"name": "<b>"}, "<b> <b>", id="nor in the other forms"),
        pytest.param("{{a.b.c}}", {"a": {"b": {"c": "deep"}}}, "deep", id="a path"),
        pytest.param("{{n}} {{t}} {{x}}", {"n": 3, "t": True, "x": 1.5}, "3 true 1.5", id="numbers as JSON"),
        pytest.param("{{o}}", {"o": {"k": [1, "é"]}}, '{"k":[1,"é"]}', id="an object as JSON"),
        pytest.param("<{{none}}>", {"none": None}, "<>", id="None is nothing"),
        pytest.param("<{{missing}}>", {}, "<>", id="so is what is missing"),
        pytest.param("{{#xs}}{{.}},{{/xs}}", {"xs": ["a", "b"]}, "a,b,", id="a list"),
        pytest.param(
            "{{#xs}}{{n}}{{/xs}}{{^ys}}no ys{{/ys}}", {"xs": [{"n": 1}], "ys": []}, "1no ys", id="sections"
        ),
        pytest.param("{{xs.1.n}} {{xs.2}}|", {"xs": [0, {"n": "two"}]}, "two |", id="an item by its number"),
        pytest.param("{{xs}} {{#xs}}{{0}}{{/xs}}", {"xs": [[1], [2]]}, "[[1],[2]] 12", id="lists of lists"),
        pytest.param("{{xs.append}}{{xs.__class__}}|", {"xs": [1]}, "|", id="nothing else of a list"),
        pytest.param("{{! a note }}x", {}, "x", id="a comment"),
        pytest.param("{{> /etc/hostname}}", {}, "", id="no file is read"),
        pytest.param("{{o.secret}}|{{o.call}}", {"o": Greedy()}, "|", id="no attribute is reached"),
        pytest.param("{{x}}", {"x": "{{y}}", "y": "twice"}, "{{y}}", id="a value is no template"),
    ],
)
def test_what_is_filled_in(template: str, variables: dict[str, Any], text: str) -> None:
    assert render(template, variables) == text


def test_strict_wants_every_variable() -> None:
    assert render("{{a}} {{#b}}x{{/b}}", {"a": "1", "b": False}, strict=True) == "1 "
    with pytest.raises(PromptError, match=r"Key 'absent' not found.*its template is 'Hi {{absent}}'"):
        render("Hi {{absent}}", {"a": 1}, strict=True)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{#a}}{{/b}}", r"Found \{\{/b\}\}.*; its template is"),
        ("{{#a}}never closed", r"Did not find a matching tag for \{\{#a\}\}"),
    ],
)
def test_a_template_that_is_none_is_an_error(template: str, message: str) -> None:
    with pytest.raises(PromptError, match=message):
        render(template, {"a": True})
