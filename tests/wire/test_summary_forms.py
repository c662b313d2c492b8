"""A summary in the official SDK's form."""

from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from spanscore._json import from_json
from told_evals import PLAIN, SUMMARY

pytestmark = pytest.mark.core


def test_the_official_text() -> None:
    named = replace(SUMMARY, experiment_url="https://braintrust.test/app/o/p/bot/experiments/main-2")
    assert str(named) == snapshot("""\

=========================SUMMARY=========================
main-2 compared to main-1:
62.50% (-25.00%) 'exact' score	(0 improvements, 2 regressions)
50.00% (+01.00%) 'judge' score	(2 improvements, 1 regressions)

0.12s (+23.40%) 'duration'	(1 improvements, 6 regressions)

See results for main-2 at https://braintrust.test/app/o/p/bot/experiments/main-2\
""")
    assert str(replace(PLAIN.summary, metrics={})) == snapshot("""\

=========================SUMMARY=========================
62.50% 'exact' score\
""")


def test_the_official_keys() -> None:
    assert SUMMARY.as_dict() == snapshot(
        {
            "project_name": "bot",
            "project_id": "",
            "experiment_id": "e2",
            "experiment_name": "main-2",
            "project_url": None,
            "experiment_url": None,
            "comparison_experiment_name": "main-1",
            "comparison": {
                "scores": {
                    "exact": {
                        "name": "exact",
                        "score": 0.625,
                        "improvements": 0,
                        "regressions": 2,
                        "diff": -0.25,
                    },
                    "judge": {
                        "name": "judge",
                        "score": 0.5,
                        "improvements": 2,
                        "regressions": 1,
                        "diff": 0.01,
                    },
                },
                "metrics": {
                    "duration": {
                        "name": "duration",
                        "metric": 0.1234,
                        "unit": "s",
                        "improvements": 1,
                        "regressions": 6,
                        "diff": 0.23399999999999999,
                    }
                },
                "status": "success",
            },
            "scores": {
                "exact": {
                    "name": "exact",
                    "score": 0.625,
                    "improvements": 0,
                    "regressions": 2,
                    "diff": -0.25,
                },
                "judge": {"name": "judge", "score": 0.5, "improvements": 2, "regressions": 1, "diff": 0.01},
            },
            "metrics": {
                "duration": {
                    "name": "duration",
                    "metric": 0.1234,
                    "unit": "s",
                    "improvements": 1,
                    "regressions": 6,
                    "diff": 0.23399999999999999,
                }
            },
        }
    )
    assert from_json(SUMMARY.as_json()) == SUMMARY.as_dict()


def test_a_summary_that_was_not_computed_says_why() -> None:
    summary = replace(SUMMARY, scores={}, metrics={}, skipped="Score summarization was disabled")
    assert summary.as_dict()["comparison"] == {
        "reason": "Score summarization was disabled",
        "status": "skipped",
    }
