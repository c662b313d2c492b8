"""`spanscore spool drain` over what killed programs have left."""

import os
from pathlib import Path

import pytest

from http_sink import Answer, HttpSink
from killed import leave_spans
from shelf import spool_in, update
from spanscore.cli import main
from spanscore.delivery._codec import encode_update
from spanscore.delivery._frames import Kind, framed

SERVER = "http://127.0.0.1:9"


def drained(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    code = main(["spool", "drain", *arguments])
    return code, capsys.readouterr().out.splitlines()


def test_empty_spool(capsys: pytest.CaptureFixture[str]) -> None:
    assert drained(capsys) == (0, ["nothing waits"])


def test_store_gets_what_is_left_for_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    # The program's own thread may be quick; a store that cannot be written keeps it from being too quick.
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "spanscore.db").mkdir()
    leave_spans(50, tmp_path / "home")
    (tmp_path / "home" / "spanscore.db").rmdir()

    assert drained(capsys) == (0, ["local: 50 delivered"])
    assert main(["logs", "--project", "left", "--limit", "60", "--json"]) == 0
    assert capsys.readouterr().out.count('"name":"work"') == 50


def test_endpoint_that_is_down_keeps_what_waits(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    down = {"SPANSCORE_DESTINATION": "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT": SERVER}
    leave_spans(7, tmp_path / "home", variables=down)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", SERVER)
    identity = f"otlp:{SERVER}/v1/traces"

    assert drained(capsys, "--timeout", "0.2") == (
        1,
        [
            f"{identity}: 0 delivered",
            f"{identity}: 7 still wait; it was not reached, or not done, in the time",
        ],
    )
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:10")
    told = f"{identity}: 7 still wait; OTEL_EXPORTER_OTLP_ENDPOINT names another one"
    assert drained(capsys, "--timeout", "0.2") == (1, [told])


def test_no_account_gets_what_another_has_recorded(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HttpSink() as sink:
        first = {"BRAINTRUST_API_URL": sink.url, "BRAINTRUST_API_KEY": "key-of-the-first"}
        sink.answer = lambda _request: Answer(status=503)
        leave_spans(5, tmp_path / "home", variables=first)
        sink.answer = lambda _request: Answer()
        sink.requests.clear()
        monkeypatch.setenv("BRAINTRUST_API_URL", sink.url)
        monkeypatch.setenv("BRAINTRUST_API_KEY", "key-of-the-second")
        code, lines = drained(capsys, "--timeout", "1")
        assert (code, len(lines), sink.requests) == (1, 1, [])
        assert lines[0].endswith(
            "5 still wait; the key in force is another one (--claim sends them with that)"
        )
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("BRAINTRUST_API_URL", SERVER)
            code, lines = drained(capsys, "--claim", "--timeout", "1")
        assert (code, len(lines), sink.requests) == (1, 1, [])
        assert lines[0].endswith(
            "5 still wait; the API URL in force is another one (set BRAINTRUST_API_URL to this one)"
        )

        code, lines = drained(capsys, "--claim")
        assert code == 0
        assert lines[0].endswith(": 5 delivered")
        assert [request.headers["authorization"] for request in sink.requests] == ["Bearer key-of-the-second"]


def test_what_was_for_an_exporter_object_alone_is_given_up_and_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    identity = "exporter:Mine#abc-1"
    segment = spool_in(tmp_path / "home").create([identity], [identity])
    os.write(segment.fd, framed(Kind.UPDATE, encode_update(update(1))) * 3)
    segment.close()
    told = f"{identity}: 3 lost: it was an object of a process that has ended (counted as lost)"
    assert drained(capsys) == (0, [told])
    assert drained(capsys) == (0, ["nothing waits"])


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_timeout_is_a_time(capsys: pytest.CaptureFixture[str], seconds: str) -> None:
    with pytest.raises(SystemExit) as end:
        main(["spool", "drain", f"--timeout={seconds}"])
    assert end.value.code == 2
    assert f"'{seconds}' is no number of seconds above 0" in capsys.readouterr().err
