import pytest

from spanscore.evals import SilentReporter, active_session, eval_session

pytestmark = pytest.mark.core


def test_a_session_is_active_within_its_block_alone() -> None:
    reporter = SilentReporter()
    assert active_session() is None
    with eval_session(reporter=reporter) as session:
        assert active_session() is session
        assert (session.reporter, session.results) == (reporter, [])
        with eval_session() as inner:
            assert active_session() is inner
        assert active_session() is session
    assert active_session() is None
