"""Work in threads belongs to the span of who submitted it."""

import pytest

from spanscore import TracedThreadPoolExecutor, current_span, init_logger, setup, start_span

pytestmark = pytest.mark.core


def test_the_current_span_is_that_of_who_submitted_the_work() -> None:
    setup(propagate_threads=False)
    init_logger("bot")
    with TracedThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(int).result()
        with start_span("above") as above:
            assert pool.submit(current_span).result() == above
            assert list(pool.map(lambda _: current_span(), [1])) == [above]
    with TracedThreadPoolExecutor(max_workers=1) as pool, pytest.raises(ZeroDivisionError):
        pool.submit(divmod, 1, 0).result()
