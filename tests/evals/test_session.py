import pytest

from spanscore.evals import SilentDisplay, active_session, eval_session

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
