"""Random SIGKILLs of a writing process: whatever was marked arrives."""

from faults.scenario import Place, Scenario

KILLS = 1_000
SHORT_KILLS = 20


def kills(number: int, *, place: Place = Place.OTLP) -> Scenario:
    """So many writing processes, each killed at a random moment."""
    into = ", embedded store" if place is Place.LOCAL else ""
    return Scenario(
        name=f"{number:,} random SIGKILLs of a writing process{into}",
        program=("killed",),
        place=place,
        spans=number,
        patience_s=60.0 + number,
    )
