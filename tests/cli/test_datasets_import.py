"""`spanscore datasets import` of files and of logs."""

import os
from pathlib import Path
from threading import Thread

import pytest

from dataset_commands import CSV, exported, imported
from spanscore import init_dataset
from spanscore.cli import main

pytestmark = pytest.mark.core


def test_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported(tmp_path)
    assert capsys.readouterr().out == ("3 records imported; shop/faq has 3, version 1000000000000000001\n")
    assert exported(capsys, "shop/faq") == [
        {
            "id": "1",
            "input": "Why?",
            "expected": "Because",
            "metadata": {"level": "easy"},
            "tags": ["a", "b"],
        },
        {"id": "2", "input": {"q": 2}, "expected": 4, "metadata": {"level": "hard"}},
        {"id": "3", "input": "Who?"},
    ]


def test_importing_again_adds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "input,expected\nWhy?,Because\nWhy?,Else\nWhy?,Because\n"
    for _ in range(2):
        imported(tmp_path, text=text)
        assert capsys.readouterr().out == (
            "3 records imported; shop/faq has 2, version 1000000000000000001\n"
        )


def test_named_columns_a_limit_and_a_snapshot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "qa.txt"
    path.write_text("key,question,context,answer\n7,q,c,a\n8,q2,c2,a2\n")
    columns = ["--input", "question", "--input", "context", "--expected", "answer", "--id", "key"]
    options = ["--format", "csv", "--limit", "1", "--snapshot", "first"]
    assert main(["datasets", "import", "faq", str(path), "--project", "shop", *columns, *options]) == 0
    assert capsys.readouterr().out == (
        "1 record imported; shop/faq has 1, version 1000000000000000001, snapshot first\n"
    )
    assert exported(capsys, "shop/faq@first") == [
        {"id": "7", "input": {"question": "q", "context": "c"}, "expected": "a"}
    ]


def test_roots_of_logs(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = f"made/{home.name}-roots"
    assert main(["datasets", "import", dataset, "--from-logs", "shop", "--filter", "input.item=tea"]) == 0
    (record,) = exported(capsys, dataset)
    origin = record.pop("origin")
    assert record.pop("id") == origin["id"]
    assert record == {"input": {"item": "tea"}, "expected": "tea: 2.5"}
    assert sorted(origin) == ["_xact_id", "created", "id", "object_id", "object_type"]
    assert origin["object_type"] == "project_logs"


def test_spans_of_logs_by_what_stands_in_them(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = f"made/{home.name}-spans"
    filters = ["--filter", "metadata.currency=^EUR$", "--filter", "name=^price$", "--filter", "output=."]
    for _ in range(2):
        assert main(["datasets", "import", dataset, "--from-logs", "shop", "--all-spans", *filters]) == 0
    (record,) = exported(capsys, dataset)
    assert (record["input"], record["expected"], record["metadata"]) == (
        {"item": "tea"},
        2.5,
        {"currency": "EUR"},
    )


def test_nothing_to_import_makes_nothing(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("input\n")
    for arguments in ([str(empty)], ["--from-logs", "shop", "--filter", "name=nothing"]):
        assert main(["datasets", "import", "made/never", *arguments]) == 1
        assert capsys.readouterr().out == "nothing to import\n"
    assert main(["datasets", "show", "made/never"]) == 1


WRONG = {
    "neither": (["shop/faq"], 2, "give a FILE or --from-logs PROJECT, and not both"),
    "both": (
        ["shop/faq", "a.csv", "--from-logs", "p"],
        2,
        "give a FILE or --from-logs PROJECT, and not both",
    ),
    "filter": (["shop/faq", "a.csv", "--filter", "name=x"], 2, "--filter is for --from-logs; leave it out"),
    "column": (["shop/faq", "--from-logs", "p", "--input", "x"], 2, "--input is for a FILE; leave it out"),
    "no file": (["shop/faq", "a.csv"], 2, "a.csv cannot be read: No such file or directory"),
    "no logs": (["shop/faq", "--from-logs", "p"], 1, "nothing has been recorded here"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_meant(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, code, message = WRONG[name]
    assert main(["datasets", "import", *arguments]) == code
    assert message in capsys.readouterr().err


def test_a_new_dataset_needs_its_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "faq.csv"
    path.write_text(CSV)
    assert main(["datasets", "import", "faq", str(path)]) == 2
    assert "'faq' names no dataset that there is; give PROJECT/NAME to make one" in capsys.readouterr().err
    init_dataset("shop", "faq").insert(input=0)
    assert main(["datasets", "import", "faq", str(path)]) == 0


def lines(path: Path, count: int, broken: int) -> Path:
    texts = ["nonsense" if each == broken else f'{{"input": {each}}}' for each in range(1, count + 1)]
    path.write_text("\n".join(texts))
    return path


@pytest.mark.parametrize("broken", [2, 251])
def test_of_a_broken_file_nothing_is_written(
    broken: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = lines(tmp_path / "faq.jsonl", 300, broken)
    assert main(["datasets", "import", "shop/faq", str(path)]) == 1
    assert f"{path}, line {broken}, is not JSON" in capsys.readouterr().err
    assert main(["datasets", "show", "shop/faq"]) == 1

    wanted = ["--limit", str(broken - 1)]
    assert main(["datasets", "import", "shop/faq", str(path), *wanted]) == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_read_once_and_it_is_said_how_much_of_it_was_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = lines(tmp_path / "faq.jsonl", 300, broken=251).read_text()
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_text, args=[text])
    writer.start()
    assert main(["datasets", "import", "shop/faq", str(pipe)]) == 1
    writer.join()
    first, second = capsys.readouterr().err.splitlines()
    assert first == "200 records were imported into shop/faq before this; import again: none comes twice"
    assert second.startswith(f"spanscore: {pipe}, line 251, is not JSON")
