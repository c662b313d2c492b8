"""Where the program runs, as far as variables say so."""

from spanscore._config._variables import Variables

_CI_NAMES = {
    "GITHUB_ACTIONS": "github_actions",
    "GITLAB_CI": "gitlab_ci",
    "CIRCLECI": "circleci",
    "BUILDKITE": "buildkite",
    "JENKINS_URL": "jenkins",
    "CI": None,
}


def continuous_integration(variables: Variables) -> tuple[str | None, str | None]:
    """Type and name of the environment, ("ci", "github_actions"), if a variable says so; else twice None.

    Only what says so is believed: nothing is inferred from what is missing.
    """
    for variable, name in _CI_NAMES.items():
        if variables.switch(variable):
            return "ci", name
    return None, None
