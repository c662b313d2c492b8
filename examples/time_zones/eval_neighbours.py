"""Version 2: ask the nearest large city; far from all of them, go by the sun as version 1 does."""

from math import asin, cos, radians, sin, sqrt

from clocks import closeness, exact, hours_from_greenwich, places
from metropolises import METROPOLISES, City

from spanscore import Eval, current_span, traced

EARTH_RADIUS_KM = 6371
NEAR_KM = 1000


def distance_km(latitude: float, longitude: float, city: City) -> float:
    """The great-circle distance to a city."""
    here, there = radians(latitude), radians(city.latitude)
    half_chord = (
        sin((there - here) / 2) ** 2
        + cos(here) * cos(there) * sin(radians(city.longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half_chord))


@traced
def nearest_city(latitude: float, longitude: float) -> City | None:
    """The nearest of the large cities, or None where all are far away."""
    distance, city = min((distance_km(latitude, longitude, city), city) for city in METROPOLISES)
    current_span().log(metadata={"city": city.name, "distance_km": round(distance)})
    return city if distance <= NEAR_KM else None


def clock(place: dict[str, float]) -> float:
    """The task: hours ahead of UTC at a place."""
    city = nearest_city(place["latitude"], place["longitude"])
    return city.offset if city else hours_from_greenwich(place["longitude"])


Eval(
    "time-zones",
    data=places,
    task=clock,
    scores=[exact, closeness],
    experiment_name="neighbours",
    metadata={"method": "nearest large city", "near_km": NEAR_KM},
)
