"""The run of eval files, one after the other."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from spanscore.cli._eval_reporters import defines_reporter
from spanscore.cli._run_file import run_file
from spanscore.evals import EndedEval, EvalSession, LeftOut, Look, Overrides, eval_session
from spanscore.evals._matrix import combination_name, combinations


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """Which files run, and how. `matrix` has the values of each parameter that is to be varied."""

    files: Sequence[Path]
    overrides: Overrides
    look: Look
    matrix: Sequence[tuple[str, Sequence[Any]]] = ()
    terminate_on_failure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """What came of the files: the session with the evals that have run, and the files that failed.

    `interrupted` is the Ctrl-C that ended it, if one did.
    """

    session: EvalSession
    broken: list[Path] = field(default_factory=list[Path])
    interrupted: KeyboardInterrupt | None = None


def run_files(plan: RunPlan, told: Callable[[Path, Sequence[EndedEval]], None]) -> RunOutcome:
    """Run the files; `told` is called with each and its evals as it ends.

    The traceback of a file that fails goes to stderr, and the others run, unless the plan says otherwise.
    """
    expects = any(map(defines_reporter, plan.files))
    with eval_session(overrides=plan.overrides, look=plan.look, expects_reporters=expects) as session:
        outcome = RunOutcome(session=session)
        for parameters in combinations(plan.matrix):
            if parameters:
                merged = {**(plan.overrides.parameters or {}), **parameters}
                name = combination_name(parameters)
                session.overrides = replace(plan.overrides, parameters=merged, combination=name)
            try:
                if not _run_each(plan, outcome, told):
                    break
            except KeyboardInterrupt as interrupt:
                return replace(outcome, interrupted=interrupt)
    return outcome


def _run_each(plan: RunPlan, outcome: RunOutcome, told: Callable[[Path, Sequence[EndedEval]], None]) -> bool:
    """Run each file once; False if a failure is to end everything."""
    session = outcome.session
    for index, file in enumerate(plan.files):
        session.file = file
        ended, named, left_out = len(session.ended), len(session.names), len(session.left_out)
        try:
            problem = run_file(file, after=plan.files[:index], verbose=plan.look.verbose)
        finally:
            evals = session.ended[ended:]
            told(file, evals)
        _tell_left_out(file, session.left_out[left_out:], session.left_out[:left_out])
        if problem is not None:
            print(f"{file} failed:\n{problem}", file=sys.stderr, end="")
            outcome.broken.append(file)
            if plan.terminate_on_failure:
                return False
        elif not evals and len(session.names) == named:
            print(f"{file} has run no Eval(); evals run when the file is imported", file=sys.stderr)
    return True


def _tell_left_out(file: Path, now: Sequence[LeftOut], before: Sequence[LeftOut]) -> None:
    """Say which evals of the file have not run, and why; of several combinations once."""
    told = {(left.name, str(left.why)) for left in before}
    for left in now:
        if (left.name, str(left.why)) not in told:
            print(f"{file}: {left.name} has not run: {left.why}", file=sys.stderr)
