"""Large cities of the world, and how many hours their clocks are ahead of UTC without daylight saving."""

from typing import NamedTuple


class City(NamedTuple):
    """A city, where it is in degrees, and its clock."""

    name: str
    latitude: float
    longitude: float
    offset: float


METROPOLISES = (
    City("Tokyo", 35.7, 139.7, 9),
    City("Delhi", 28.6, 77.2, 5.5),
    City("Shanghai", 31.2, 121.5, 8),
    City("Dhaka", 23.8, 90.4, 6),
    City("São Paulo", -23.6, -46.6, -3),
    City("Mexico City", 19.4, -99.1, -6),
    City("Cairo", 30.0, 31.2, 2),
    City("Istanbul", 41.0, 29.0, 3),
    City("Kinshasa", -4.3, 15.3, 1),
    City("Lagos", 6.5, 3.4, 1),
    City("Manila", 14.6, 121.0, 8),
    City("Moscow", 55.8, 37.6, 3),
    City("Bangkok", 13.8, 100.5, 7),
    City("Jakarta", -6.2, 106.8, 7),
    City("London", 51.5, -0.1, 0),
    City("Paris", 48.9, 2.4, 1),
    City("Madrid", 40.4, -3.7, 1),
    City("Rome", 41.9, 12.5, 1),
    City("Berlin", 52.5, 13.4, 1),
    City("Warsaw", 52.2, 21.0, 1),
    City("Athens", 38.0, 23.7, 2),
    City("Tehran", 35.7, 51.4, 3.5),
    City("Baghdad", 33.3, 44.4, 3),
    City("Dubai", 25.3, 55.3, 4),
    City("Tashkent", 41.3, 69.3, 5),
    City("Novosibirsk", 55.0, 82.9, 7),
    City("Vladivostok", 43.1, 131.9, 10),
    City("Johannesburg", -26.2, 28.0, 2),
    City("Nairobi", -1.3, 36.8, 3),
    City("Abidjan", 5.3, -4.0, 0),
    City("New York", 40.7, -74.0, -5),
    City("Chicago", 41.9, -87.6, -6),
    City("Calgary", 51.0, -114.1, -7),
    City("Denver", 39.7, -105.0, -7),
    City("Los Angeles", 34.1, -118.2, -8),
    City("Honolulu", 21.3, -157.9, -10),
    City("Guatemala City", 14.6, -90.5, -6),
    City("Santo Domingo", 18.5, -69.9, -4),
    City("Lima", -12.0, -77.0, -5),
    City("Caracas", 10.5, -66.9, -4),
    City("Santiago", -33.4, -70.7, -4),
    City("Buenos Aires", -34.6, -58.4, -3),
    City("Sydney", -33.9, 151.2, 10),
    City("Perth", -32.0, 115.9, 8),
    City("Auckland", -36.8, 174.8, 12),
)
