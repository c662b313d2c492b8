import io

import pytest

from spanscore.evals import PlainDisplay
from spanscore.evals.reporters import ProgressOnly
from told_evals import REF, RESULT

pytestmark = pytest.mark.core


def test_what_came_of_the_eval_is_left_to_others() -> None:
    progress, summary = io.StringIO(), io.StringIO()
    display = ProgressOnly(PlainDisplay(progress=progress, summary=summary))
    with display.watch(REF, 2):
        pass
    display.show(RESULT)
    assert (progress.getvalue(), summary.getvalue()) == ("running bot/main-2: 2 cases\n", "")
