import io

import pytest

from spanscore.evals import PlainDisplay
from spanscore.evals.reporters._figures_only import FiguresOnly
from told_evals import CASE, PLAIN, REF

pytestmark = pytest.mark.core


def test_only_the_end_is_shown() -> None:
    progress, summary = io.StringIO(), io.StringIO()
    display = FiguresOnly(PlainDisplay(progress=progress, summary=summary))
    with display.watch(REF, 2) as told:
        told(CASE)
    display.show(PLAIN)
    assert progress.getvalue() == ""
    assert summary.getvalue().startswith("bot/main-2: 8 cases, 1.2 s\n")
