"""Datasets made and looked at through the command line, for its tests."""

import json
from pathlib import Path
from typing import Any

import pytest

from spanscore.cli import main

CSV = 'id,input,expected,tags,level\n1,Why?,Because,"a, b",easy\n2,"{""q"": 2}",4,,hard\n3,Who?,,,\n'


def imported(tmp_path: Path, dataset: str = "shop/faq", text: str = CSV) -> Path:
    """A CSV file, imported."""
    path = tmp_path / "faq.csv"
    path.write_text(text)
    assert main(["datasets", "import", dataset, str(path)]) == 0
    return path


def exported(capsys: pytest.CaptureFixture[str], dataset: str) -> list[dict[str, Any]]:
    """The records of a dataset, as exported in JSON Lines."""
    capsys.readouterr()
    assert main(["datasets", "export", dataset]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]
