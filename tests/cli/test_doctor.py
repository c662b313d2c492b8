"""`spanscore doctor` over what killed programs have left."""

import json
from pathlib import Path
from typing import Any

import pytest

from killed import leave_spans
from spanscore._config import Settings
from spanscore._connect import open_spool
from spanscore.cli import main

DOWN = {"SPANSCORE_DESTINATION": "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
IDENTITY = "otlp:http://127.0.0.1:9/v1/traces"


def report(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code = main(["doctor", "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_new_home_has_nothing_to_tell(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert report(capsys) == (
        0,
        {
            "home": str(tmp_path / "home"),
            "destinations": ["local"],
            "durability": "span",
            "attachment_bytes": 0,
            "bytes": 0,
            "backlogs": [],
            "counts": {},
            "dead_letters": {},
        },
    )


def test_what_a_killed_program_has_left_waits(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_spans(30, tmp_path / "home", variables=DOWN)
    monkeypatch.setenv("SPANSCORE_DESTINATION", "otlp")
    code, told = report(capsys)
    backlog = told["backlogs"][0]

    assert code == 1
    assert told["destinations"] == ["otlp"]
    assert {name: backlog[name] for name in ("identity", "of_dead", "of_living", "segments")} == {
        "identity": IDENTITY,
        "of_dead": 30,
        "of_living": 0,
        "segments": 1,
    }


def test_people_get_a_table(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    leave_spans(3, tmp_path / "home", variables=DOWN)
    ledger = open_spool(Settings.from_env()).ledger
    ledger.add(IDENTITY, "rejected", 1234)
    ledger.add("errors", "Span.log", 2)
    ledger.write()
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out.splitlines()

    assert out[1] == "destinations  local (no Braintrust key was found)"
    assert out[2] == "store         none yet"
    assert out[3] == "attachments   0 B"
    assert out[5] == "durability    span"
    assert [line.split()[:4] for line in out[7:9]] == [
        ["WAITING", "FOR", "OF", "RUNNING"],
        [IDENTITY, "0", "3", "1"],
    ]
    assert out[10] == "Send what ended processes have left: spanscore spool drain"
    assert [line.split() for line in out[12:]] == [
        ["COUNTED", "FOR", "REASON", "COUNT"],
        ["errors", "Span.log", "2"],
        [IDENTITY, "rejected", "1,234"],
    ]


def test_attachments_count_once_wherever_they_lie(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    waiting, stored = (tmp_path / "home" / name for name in ("spool/attachments", "attachments/ab"))
    for folder in (waiting, stored):
        folder.mkdir(parents=True)
    (waiting / "a").write_bytes(bytes(100))
    (stored / "a").hardlink_to(waiting / "a")
    (stored / "b").write_bytes(bytes(11))
    assert report(capsys)[1]["attachment_bytes"] == 111


def test_what_is_left_out_on_purpose_is_no_reason_to_worry(capsys: pytest.CaptureFixture[str]) -> None:
    (Settings.from_env().home / "spool").mkdir(parents=True)
    ledger = open_spool(Settings.from_env()).ledger
    ledger.add("local", "tail_sampled", 10)
    ledger.add("redacted", "credential-named", 3)
    ledger.write()

    assert report(capsys)[0] == 0
