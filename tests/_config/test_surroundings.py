"""Where the program runs."""

import pytest

from spanscore._config._env_file import EnvFile
from spanscore._config._surroundings import continuous_integration
from spanscore._config._variables import Variables

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, (None, None)),
        ({"CI": "false"}, (None, None)),
        ({"CI": "true"}, ("ci", None)),
        ({"CI": "1", "GITHUB_ACTIONS": "true"}, ("ci", "github_actions")),
        ({"GITLAB_CI": "true"}, ("ci", "gitlab_ci")),
        ({"CIRCLECI": "true"}, ("ci", "circleci")),
        ({"BUILDKITE": "true"}, ("ci", "buildkite")),
        ({"JENKINS_URL": "http://ci"}, ("ci", "jenkins")),
    ],
)
def test_what_the_variables_say(environ: dict[str, str], expected: tuple[str | None, str | None]) -> None:
    assert continuous_integration(Variables(environ, EnvFile(None))) == expected
