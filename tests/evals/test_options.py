from typing import Any

import pytest

from spanscore.errors import ConfigError
from spanscore.evals import EvalOptions

pytestmark = pytest.mark.core

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no project": ({"project": ""}, "the project's name is ''; give a text, such as 'support bot'"),
    "a project that is no text": (
        {"project": 3},
        "the project's name is 3; give a text, such as 'support bot'",
    ),
    "a scorer without a list": ({"scores": len}, "scores is <built-in function len>; give a list"),
    "a tag without a list": ({"tags": "smoke"}, "tags is 'smoke'; give a list"),
    "no trial": ({"trial_count": 0}, "trial_count is 0; give a whole number from 1"),
    "half a worker": ({"max_concurrency": 1.5}, "max_concurrency is 1.5; give a whole number from 1"),
    "a rule nobody knows": ({"errors": "ignore"}, "errors is 'ignore'; give one of zero, exclude, fail"),
    "no time": ({"timeout_s": 0}, "timeout is 0; give seconds above 0, or None for no limit"),
    "a text for a time": ({"timeout_s": "5"}, "timeout is '5'; give seconds above 0, or None for no limit"),
    "a list of metadata": ({"metadata": [1]}, "metadata is [1]; give a mapping, such as {'model': 'small'}"),
    "a number for a path": (
        {"cluster_key": 3},
        "cluster_key is 3; give a dotted path, such as 'metadata.user'",
    ),
    "a flag for an event": ({"cancel_event": True}, "cancel_event is True; give a threading.Event"),
    "a number for a name": ({"experiment_name": 3}, "experiment_name is 3; give a text"),
    "a mapping for settings": (
        {"git_metadata_settings": {"collect": "none"}},
        "git_metadata_settings is {'collect': 'none'}; "
        "give GitMetadataSettings(collect='all'), 'none' or 'some'",
    ),
    "a mapping for the repository": (
        {"repo_info": {"commit": "1f"}},
        "repo_info is {'commit': '1f'}; give RepoInfo(commit=…)",
    ),
    "a score for a handler": (
        {"error_score_handler": 0.5},
        "error_score_handler is 0.5; give a function of a case's span, the case and the missing names",
    ),
    "a list for a stream": ({"stream": []}, "stream is []; give a function of an event"),
    "a flag for a start": ({"on_start": True}, "on_start is True; give a function of the summary"),
    "a parent that is none": (
        {"parent": "x:y"},
        "no cases can run below the parent of an eval: 'x:y' is no parent; "
        "give one of project_id:…, project_name:…, experiment_id:…, playground_id:…",
    ),
    "a number for a parent": (
        {"parent": 3},
        "no cases can run below the parent of an eval: "
        "3 is no parent; give a container, a span, or what was extracted",
    ),
    "NaN": ({"timeout_s": float("nan")}, "timeout is nan; give seconds above 0, or None for no limit"),
}

ENOUGH: dict[str, Any] = {"project": "p", "data": [], "task": len, "scores": []}


@pytest.mark.parametrize("name", WRONG)
def test_a_value_that_cannot_be_used_is_named(name: str) -> None:
    given, message = WRONG[name]
    with pytest.raises(ConfigError) as caught:
        EvalOptions(**ENOUGH | given)
    assert str(caught.value) == message
