from dataclasses import replace

import pytest

from spanscore.evals.reporters._course import Course
from told_evals import CASE

pytestmark = pytest.mark.core


def test_cases_failures_and_cost_are_counted() -> None:
    course = Course(4, clock=iter([0.0, 30.0]).__next__)
    course.add(CASE)
    course.add(replace(CASE, error=ValueError("boom")))
    course.add(replace(CASE, scorer_errors={"judge": ValueError("bang")}, metrics={}))
    assert course.words() == "3 of 4 cases finished, 2 failed, $0.0050, 10 s left"


def test_nothing_is_said_of_what_is_not_known() -> None:
    course = Course(None)
    assert course.words() == "0 cases finished"
    course.add(replace(CASE, metrics={}))
    assert course.words() == "1 case finished"


def test_at_the_end_there_is_no_time_left() -> None:
    course = Course(1)
    course.add(replace(CASE, metrics={}))
    assert course.words() == "1 of 1 case finished"
