"""`spanscore trace` over a real store."""

import json

import pytest

from spanscore.cli import main

pytestmark = [pytest.mark.core, pytest.mark.usefixtures("home")]


def test_latest_is_a_tree_of_plain_text_when_piped(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "latest"]) == 0

    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0].startswith("shop · ")
    assert [line.split()[:2] for line in lines[3:6]] == [["SPAN", "TYPE"], ["✗", "order"], ["└─", "✗"]]
    assert "\x1b" not in "".join(lines)
    assert lines[-2:] == ["✗ order  KeyError: 'gold'", "✗ price  KeyError: 'gold'"]


def test_a_trace_by_any_of_its_ids(capsys: pytest.CaptureFixture[str]) -> None:
    main(["trace", "latest", "--json"])
    rows = json.loads(capsys.readouterr().out)
    trace_id = rows[0]["root_span_id"]

    for reference in [trace_id, trace_id[:10], rows[0]["span_id"], rows[1]["span_id"]]:
        assert main(["trace", reference, "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == rows


def test_verbose_has_every_value_and_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    main(["trace", "latest", "--verbose"])

    out = capsys.readouterr().out
    assert 'input     {"item":"gold"}' in out
    assert 'metadata  {"currency":"EUR"}' in out
    assert "Traceback (most recent call last):" in out


def test_an_eval_trace_names_its_experiment(capsys: pytest.CaptureFixture[str]) -> None:
    main(["experiments", "compare", "second", "--json"])
    change = json.loads(capsys.readouterr().out)["changes"]["exact"][0]

    assert main(["trace", change["root_span_id"]]) == 0
    assert capsys.readouterr().out.startswith("greetings/second · ")


def test_an_unknown_id_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "feedfacefeedface"]) == 1
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert captured.err.startswith("spanscore: ")
