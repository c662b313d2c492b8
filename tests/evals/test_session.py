import pytest

from spanscore import Eval
from spanscore.evals import Overrides, SilentDisplay, active_session, eval_session

pytestmark = pytest.mark.core


def test_a_session_is_active_within_its_block_alone() -> None:
    display = SilentDisplay()
    assert active_session() is None
    with eval_session(display=display) as session:
        assert active_session() is session
        assert (session.display, session.results) == (display, [])
        with eval_session() as inner:
            assert active_session() is inner
        assert active_session() is session
    assert active_session() is None


def test_what_a_task_evaluates_is_no_part_of_the_session() -> None:
    sizes: list[int] = []

    def task(value: int) -> int:
        nested = Eval("nested", [{"input": n} for n in range(5)], lambda input: input, [], quiet=True)
        sizes.append(nested.summary.cases)
        return value

    overrides = Overrides(first=2, experiment_name="named", no_send_logs=True)
    with eval_session(display=SilentDisplay(), overrides=overrides) as session:
        Eval("outer", [{"input": n} for n in range(3)], task, [], quiet=True)
    assert (sizes, [result.summary.cases for result in session.results]) == ([5, 5], [2])
