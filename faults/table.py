"""What must hold, and the table of what did."""

from collections.abc import Iterable, Mapping, Sequence

from faults.scenario import Outcome, Scenario

END_S = 2.5


def failures(outcome: Outcome, scenario: Scenario, *, end_s: float = END_S) -> list[str]:
    """In words, what of the promise does not hold; empty if all of it does."""
    found = list(outcome.broken)
    for count, words in (
        (outcome.lost, "spans lost"),
        (outcome.twice_stored, "rows too many in the store"),
        (outcome.exceptions, "exceptions in user code"),
        (outcome.hangs, "processes hung"),
    ):
        if count:
            found.append(f"{count} {words}")
    if outcome.refused != scenario.refused:
        found.append(f"{outcome.refused} spans refused instead of {scenario.refused}")
    if scenario.ends_promptly and outcome.end_s is not None and outcome.end_s > end_s:
        found.append(f"the interpreter's end took {outcome.end_s:.1f} s")
    return found


def table(outcomes: Sequence[Outcome], baselines: Mapping[str, Outcome]) -> Iterable[str]:
    """The lines of a Markdown table, one for each scenario."""
    heads = (
        "scenario",
        "spans",
        "lost",
        "refused",
        "sent twice",
        "stored twice",
        "exceptions",
        "hangs",
        "end s",
    )
    yield f"| {' | '.join((*heads, 'bare OTel: lost', 'end s'))} |"
    yield f"|---|{'---:|' * (len(heads) + 1)}"
    for outcome in outcomes:
        yield f"| {' | '.join(_cells(outcome, baselines.get(outcome.scenario)))} |"


def _cells(outcome: Outcome, baseline: Outcome | None) -> Iterable[str]:
    if outcome.skipped:
        return (outcome.scenario, f"not run: {outcome.skipped}", *[""] * 9)
    numbers = (
        outcome.marked,
        outcome.lost,
        outcome.refused,
        outcome.twice_sent,
        outcome.twice_stored,
        outcome.exceptions,
        outcome.hangs,
    )
    beside = ("", "") if baseline is None else (_share(baseline), _seconds(baseline))
    return (outcome.scenario, *(f"{number:,}" for number in numbers), _seconds(outcome), *beside)


def _share(outcome: Outcome) -> str:
    share = f" ({100 * outcome.lost / outcome.marked:.0f} %)" if outcome.lost else ""
    return f"{outcome.lost:,}{share}"


def _seconds(outcome: Outcome) -> str:
    if outcome.hangs:
        return "killed"
    return "" if outcome.end_s is None else f"{max(0.0, outcome.end_s):.1f}"
