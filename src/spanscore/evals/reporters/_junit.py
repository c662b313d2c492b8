"""A report as JUnit XML, which services of continuous integration show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO, Final
from xml.sax.saxutils import escape, quoteattr

from spanscore._counted import counted
from spanscore.evals.reporters._case_report import CaseReport
from spanscore.evals.reporters._section import Section
from spanscore.evals.reporters._text import full_text, shortened

MOST_CASES: Final = 10_000
"""Cases of an experiment in the file; of the rest those alone that failed, up to as many again."""

_IN_MEMORY: Final = 1 << 20
_NAME_LENGTH: Final = 120
_VALUE_BYTES: Final = 2000


@dataclass(slots=True)
class _Counts:
    """Tests of a suite as they are written."""

    tests: int = 0
    failures: int = 0
    errors: int = 0
    left_out: int = 0
    seconds: float = 0.0


def write_junit(file: IO[str], sections: Sequence[Section], *, most_cases: int = MOST_CASES) -> None:
    """Write a suite for each experiment with a test for each case; memory stays flat.

    A failed task or scorer is an error, a gate that is not met a failure. What is left out is counted in the
    suite's output.
    """
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="spanscore">\n')
    for section in sections:
        # The counts stand before the cases, and are known after them.
        with SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8") as body:
            counts = _Counts()
            for text in _tests(section, counts, most_cases):
                body.write(text)
            file.write(_opening(section, counts))
            body.seek(0)
            copyfileobj(body, file)
        if counts.left_out:
            file.write(
                f"    <system-out>{counted(counts.left_out, 'case is', 'cases are')} left out</system-out>\n"
            )
        file.write("  </testsuite>\n")
    file.write("</testsuites>\n")


def _opening(section: Section, counts: _Counts) -> str:
    summary = section.result.summary
    told = {f"score.{each.name}": f"{each.mean}" for each in summary.scores.values() if each.mean is not None}
    if summary.partial is not None:
        told["partial"] = summary.partial
    properties = "".join(
        f"      <property name={quoteattr(_clean(name))} value={quoteattr(_clean(value))}/>\n"
        for name, value in told.items()
    )
    return (
        f'  <testsuite name={quoteattr(_clean(section.title))} tests="{counts.tests}" '
        f'failures="{counts.failures}" errors="{counts.errors}" time="{counts.seconds:.3f}">\n'
        + (f"    <properties>\n{properties}    </properties>\n" if properties else "")
    )


def _tests(section: Section, counts: _Counts, most_cases: int) -> Iterator[str]:
    for number, case in enumerate(section.cases(), 1):
        most = most_cases * 2 if case.is_failed else most_cases
        if counts.tests >= most:
            counts.left_out += 1
            continue
        counts.tests += 1
        counts.errors += case.is_failed
        counts.seconds += case.duration_s
        yield _test(section, number, case)
    for reason in section.unmet:
        counts.tests += 1
        counts.failures += 1
        yield (
            f'    <testcase classname={quoteattr(_clean(section.title))} name="gate">\n'
            f"      <failure message={quoteattr(_clean(reason))}/>\n    </testcase>\n"
        )


def _test(section: Section, number: int, case: CaseReport) -> str:
    name = f"{number}: {shortened(case.input, _NAME_LENGTH)}"
    if case.trial_index:
        name += f" (trial {case.trial_index})"
    failures = {} if case.error is None else {"task": case.error}
    errors = "".join(
        f"      <error type={quoteattr(_clean(where))} message={quoteattr(_clean(said))}/>\n"
        for where, said in {**failures, **case.scorer_errors}.items()
    )
    return (
        f"    <testcase classname={quoteattr(_clean(section.title))} name={quoteattr(name)} "
        f'time="{case.duration_s:.3f}">\n{errors}      <system-out>{_told(case)}</system-out>\n'
        "    </testcase>\n"
    )


def _told(case: CaseReport) -> str:
    scores = {name: "skipped" if score is None else f"{score:.4g}" for name, score in case.scores.items()}
    values = {"input": case.input, "expected": case.expected, "output": case.output}
    given = {name: full_text(value, _VALUE_BYTES) for name, value in values.items() if value is not None}
    lines = [f"{name}: {text}" for name, text in given.items()]
    lines += [f"score {name}: {score}" for name, score in scores.items()]
    return escape("\n".join([*lines, f"spanscore trace {case.trace_id}"]))


def _clean(text: str) -> str:
    return full_text(text, _VALUE_BYTES)
