"""Interleaved measuring: every variant in turn, round after round; noise disturbs all alike."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Figures of one variant over the rounds, in microseconds."""

    figures: tuple[float, ...]

    @property
    def minimum(self) -> float:
        return min(self.figures)

    @property
    def median(self) -> float:
        return statistics.median(self.figures)

    @property
    def maximum(self) -> float:
        return max(self.figures)


def interleaved(variants: Mapping[str, Callable[[], float]], *, rounds: int) -> dict[str, Spread]:
    """Run every variant once a round; each returns its figure. One round before the first is thrown away."""
    figures: dict[str, list[float]] = {name: [] for name in variants}
    for round_number in range(rounds + 1):
        for name, run in variants.items():
            figure = run()
            if round_number:
                figures[name].append(figure)
    return {name: Spread(tuple(values)) for name, values in figures.items()}


def print_table(
    title: str, spreads: Mapping[str, Spread], *, against: str, targets: Mapping[str, float]
) -> None:
    """Minimum, median and maximum of every variant, and its ratio to `against` by minima and by medians."""
    reference = spreads[against]
    print(f"\n{title}")
    print(f"  {'':<54}{'min':>9}{'median':>9}{'max':>9}{'× min':>8}{'× med':>8}  target")
    for name, spread in spreads.items():
        ratios = spread.minimum / reference.minimum, spread.median / reference.median
        target = f"≤ {targets[name]:g}" if name in targets else ""
        figures = f"{spread.minimum:9.2f}{spread.median:9.2f}{spread.maximum:9.2f}"
        print(f"  {name:<54}{figures}{ratios[0]:8.2f}{ratios[1]:8.2f}  {target}")
