"""What intervals and verdicts promise, by drawing systems at random: seeded, so that it is always the same.

300 draws have an error of their own, 1.3 points, hence the allowance. With 4,000 none is needed.
"""

import random
from collections.abc import Callable, Iterator

import pytest

from spanscore.statistics import Bounds, Estimate, PairedDifference, RunningPairs, RunningSample, verdict

RUNS = 300
ALLOWED = 0.015
COVERED = (0.93 - ALLOWED, 0.97 + ALLOWED)
FALSE_ALARMS = 0.05 + ALLOWED
ROUNDING = 1e-9


def covers(interval: Bounds, value: float) -> bool:
    return interval.low - ROUNDING <= value <= interval.high + ROUNDING


Draw = Callable[[random.Random], list[tuple[object, float]]]
"""Values with their clusters."""


def single(values: Callable[[random.Random], float], count: int) -> Draw:
    return lambda chance: [(number, values(chance)) for number in range(count)]


def trials(inputs: int, k: int) -> Draw:
    """0 or 1 in each trial, an input's chance between 0 and 1."""

    def draw(chance: random.Random) -> list[tuple[object, float]]:
        shares = [chance.betavariate(1.2, 0.8) for _input in range(inputs)]
        return [
            (name, float(chance.random() < share)) for name, share in enumerate(shares) for _trial in range(k)
        ]

    return draw


def graded_trials(inputs: int, k: int) -> Draw:
    def draw(chance: random.Random) -> list[tuple[object, float]]:
        centres = [chance.uniform(0.2, 0.8) for _input in range(inputs)]
        return [
            (name, centre + chance.uniform(-0.2, 0.2))
            for name, centre in enumerate(centres)
            for _trial in range(k)
        ]

    return draw


SAMPLES: list[tuple[str, Draw, float]] = [
    ("0 and 1, 30 cases", single(lambda chance: float(chance.random() < 0.7), 30), 0.7),
    ("0 and 1, 200 cases", single(lambda chance: float(chance.random() < 0.9), 200), 0.9),
    ("graded, 8 cases", single(random.Random.random, 8), 0.5),
    ("graded, 20 cases", single(random.Random.random, 20), 0.5),
    ("skewed, 25 cases", single(lambda chance: chance.betavariate(4, 2), 25), 2 / 3),
    ("graded, 60 cases", single(lambda chance: chance.betavariate(2, 1), 60), 2 / 3),
    ("0 and 1, 40 inputs of 5 trials", trials(40, 5), 0.6),
    ("0 and 1, 12 inputs of 5 trials", trials(12, 5), 0.6),
    ("graded, 12 inputs of 4 trials", graded_trials(12, 4), 0.5),
    ("graded, 40 inputs of 4 trials", graded_trials(40, 4), 0.5),
]


@pytest.mark.core
@pytest.mark.parametrize(("draw", "mean"), [each[1:] for each in SAMPLES], ids=[each[0] for each in SAMPLES])
def test_intervals_cover_what_they_say(draw: Draw, mean: float) -> None:
    covered = 0
    for estimate in estimates(draw):
        assert estimate.interval is not None
        covered += covers(estimate.interval, mean)
    assert COVERED[0] <= covered / RUNS <= COVERED[1]


def estimates(draw: Draw) -> Iterator[Estimate]:
    chance = random.Random(20)
    for _run in range(RUNS):
        sample = RunningSample(limits=(0.0, 1.0))
        for cluster, value in draw(chance):
            sample.add(value, cluster=cluster)
        yield sample.estimate()


def pair_of(kind: str, chance: random.Random, shift: float) -> tuple[float, float]:
    """An input's scores in two runs, of systems that differ by `shift` on average."""
    hard = chance.random()
    if kind == "binary":
        return float(chance.random() < hard), float(chance.random() < min(1.0, hard + shift))
    if kind == "graded":
        return hard + chance.uniform(-0.3, 0.3), hard + shift + chance.uniform(-0.3, 0.3)
    # Mostly near each other, sometimes far apart.
    return hard, hard + shift + chance.uniform(-0.02, 0.02) + (chance.random() < 0.3) * chance.uniform(-1, 1)


def differences(kind: str, count: int, shift: float, *, in_cluster: int = 1) -> Iterator[PairedDifference]:
    chance = random.Random(7)
    for _run in range(RUNS):
        pairs = RunningPairs()
        for number in range(count):
            before, after = pair_of(kind, chance, shift)
            pairs.add(before, after, cluster=number // in_cluster)
        found = pairs.difference()
        assert found is not None
        yield found


EQUAL = [
    (kind, count, in_cluster)
    for kind in ("binary", "graded", "rare")
    for count, in_cluster in ((8, 1), (20, 1), (50, 1), (60, 3))
]


@pytest.mark.core
@pytest.mark.parametrize(("kind", "count", "in_cluster"), EQUAL)
def test_equal_systems_are_seldom_called_better_or_worse(kind: str, count: int, in_cluster: int) -> None:
    alarms = 0
    for found in differences(kind, count, 0.0, in_cluster=in_cluster):
        assert found.comparison is not None
        alarms += verdict(found.difference, found.comparison.p_value) != "no evidence"
    assert alarms / RUNS <= FALSE_ALARMS


@pytest.mark.core
@pytest.mark.parametrize("count", [10, 25, 50])
@pytest.mark.parametrize("kind", ["graded", "rare"])
def test_intervals_of_differences_cover_the_true_one(kind: str, count: int) -> None:
    covered = 0
    for found in differences(kind, count, 0.1):
        assert found.comparison is not None
        assert found.comparison.interval is not None
        covered += covers(found.comparison.interval, 0.1)
    assert COVERED[0] <= covered / RUNS <= COVERED[1]


@pytest.mark.core
def test_intervals_of_differences_of_shares_cover_none() -> None:
    covered = sum(
        covers(found.comparison.interval, 0.0)
        for found in differences("binary", 50, 0.0)
        if found.comparison is not None and found.comparison.interval is not None
    )
    assert COVERED[0] <= covered / RUNS <= COVERED[1]


@pytest.mark.core
def test_a_real_difference_of_the_smallest_detectable_size_is_mostly_found() -> None:
    """With a power of 80 %, for which 60 graded pairs of these can show about 9 points."""
    found = list(differences("graded", 60, 0.0))
    sizes = [each.comparison.smallest_detectable for each in found if each.comparison is not None]
    size = sum(each for each in sizes if each is not None) / RUNS
    shown = sum(
        verdict(each.difference, each.comparison.p_value) == "better"
        for each in differences("graded", 60, size)
        if each.comparison is not None
    )
    assert 0.76 <= shown / RUNS <= 0.84
