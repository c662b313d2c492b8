"""Runs the tests in other environments than the main one; exits with 1 if they fail in any.

python -m tools.matrix          what the gate asks for: the oldest and the newest that is supported
python -m tools.matrix all      and what lies between, and other versions of providers
python -m tools.matrix NAME …   some of these
"""

import sys
from collections.abc import Sequence

from tools import interpreters, providers
from tools.environments import Environment, passes


def main(wanted: Sequence[str]) -> int:
    """Exit status: 0 if the tests passed wherever they could run."""
    chosen = choice(wanted)
    if not chosen:
        print(f"no environment is called {' or '.join(wanted)}; there are {', '.join(names())}, and all")
        return 2
    passed = passes(chosen)
    print("main run:", f"Python {interpreters.RUNNING}, the newest OpenTelemetry, the newest providers")
    for name, is_good in passed.items():
        print(f"{name}: {'passed' if is_good else 'FAILED'}")
    if missing := interpreters.missing():
        print(f"not on this machine, not tested: Python {', '.join(missing)}")
    return 0 if all(passed.values()) else 1


def choice(wanted: Sequence[str]) -> list[Environment]:
    """The environments that the arguments of the command name."""
    gate = interpreters.environments()
    if not wanted:
        return gate
    # Those of providers take the longest: begun first, they are not waited for at the end.
    everything = [*providers.environments(), *gate, *interpreters.further(), *providers.further()]
    return [each for each in everything if each.name in wanted or list(wanted) == ["all"]]


def names() -> list[str]:
    """What can be asked for."""
    return [each.name for each in choice(["all"])]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
