"""Version 1: the sun's time. Every 15 degrees of longitude are an hour."""

from clocks import closeness, exact, hours_from_greenwich, places

from spanscore import Eval


def clock(place: dict[str, float]) -> float:
    """The task: hours ahead of UTC at a place."""
    return hours_from_greenwich(place["longitude"])


Eval(
    "time-zones",
    data=places,
    task=clock,
    scores=[exact, closeness],
    experiment_name="meridians",
    metadata={"method": "15 degrees an hour"},
)
