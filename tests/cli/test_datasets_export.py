"""`spanscore datasets export`: what it writes can be imported again."""

from pathlib import Path

import pytest

from dataset_commands import exported, imported
from spanscore import init_dataset
from spanscore.cli import main

pytestmark = pytest.mark.core


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_there_and_back(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if suffix == "parquet":
        pytest.importorskip("pyarrow")
    imported(tmp_path)
    path = tmp_path / f"out.{suffix}"
    assert main(["datasets", "export", "shop/faq", "--output", str(path)]) == 0
    assert main(["datasets", "import", "shop/copy", str(path)]) == 0
    assert exported(capsys, "shop/copy") == exported(capsys, "shop/faq")
    assert main(["datasets", "diff", "shop/faq", "shop/copy"]) == 0
    assert capsys.readouterr().out == "no difference\n"


def test_a_named_format_goes_before_the_name(tmp_path: Path) -> None:
    imported(tmp_path)
    path = tmp_path / "out.jsonl"
    assert main(["datasets", "export", "shop/faq", "--output", str(path), "--format", "csv"]) == 0
    assert path.read_text().splitlines()[0] == "id,input,expected,metadata,tags"


def test_nothing_to_export_makes_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init_dataset("shop", "faq").id
    path = tmp_path / "out.jsonl"
    assert main(["datasets", "export", "shop/faq", "--output", str(path)]) == 1
    assert (path.exists(), capsys.readouterr().err) == (False, "shop/faq has no records\n")
    imported(tmp_path)
    capsys.readouterr()
    assert main(["datasets", "export", "shop/faq@1", "--output", str(path)]) == 1
    assert (path.exists(), capsys.readouterr().err) == (
        False,
        "spanscore: shop/faq has no version 1; its newest is 1000000000000000001\n",
    )
