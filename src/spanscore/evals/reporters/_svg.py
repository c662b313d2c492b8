"""Charts as SVG that takes its colours from the page."""

from collections.abc import Sequence
from html import escape
from typing import Final

from spanscore._counted import counted
from spanscore.evals.reporters._text import percent
from spanscore.wire.summaries import ScoreSummary

_WIDTH: Final = 360
_LEFT: Final = 8
_SPAN: Final = _WIDTH - 2 * _LEFT
_BAR_HEIGHT: Final = 48


def mean_chart(score: ScoreSummary) -> str:
    """The mean on a line from 0 to 100 %, with its interval, and a tick where the baseline is."""
    if score.mean is None:
        return ""
    parts = [f'<line class="axis" x1="{_LEFT}" y1="14" x2="{_LEFT + _SPAN}" y2="14"/>']
    if score.interval is not None:
        low, high = _x(score.interval.low), _x(score.interval.high)
        parts.append(f'<line class="interval" x1="{low}" y1="14" x2="{high}" y2="14"/>')
    verdict = "none"
    if score.difference is not None:
        before = _x(score.difference.baseline_mean)
        told = f"<title>before: {percent(score.difference.baseline_mean)}</title>"
        parts.append(f'<line class="before" x1="{before}" y1="4" x2="{before}" y2="24">{told}</line>')
        verdict = score.difference.verdict.replace(" ", "-")
    parts.append(f'<circle class="mean {verdict}" cx="{_x(score.mean)}" cy="14" r="5"/>')
    return _svg(28, f"mean of {score.name}", parts)


def spread_chart(name: str, counts: Sequence[int]) -> str:
    """How many cases lie in each tenth between 0 and 1."""
    most = max(counts, default=0)
    if not most:
        return ""
    width = _SPAN / len(counts)
    parts: list[str] = []
    for index, count in enumerate(counts):
        height = _BAR_HEIGHT * count / most
        x, y = _LEFT + index * width, _BAR_HEIGHT - height
        low, high = 100 * index // len(counts), 100 * (index + 1) // len(counts)
        parts.append(
            f'<rect class="bar" x="{x + 1:.1f}" y="{y:.1f}" width="{width - 2:.1f}" height="{height:.1f}">'
            f"<title>{counted(count, 'case')} from {low} to {high} %</title></rect>"
        )
    ends = f'x1="{_LEFT}" y1="{_BAR_HEIGHT}" x2="{_LEFT + _SPAN}" y2="{_BAR_HEIGHT}"'
    parts.append(f'<line class="axis" {ends}/>')
    return _svg(_BAR_HEIGHT + 2, f"spread of {name}", parts)


def _x(share: float) -> str:
    return f"{_LEFT + _SPAN * min(1.0, max(0.0, share)):.1f}"


def _svg(height: int, label: str, parts: Sequence[str]) -> str:
    inside = "".join(parts)
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(label)}">{inside}</svg>'
