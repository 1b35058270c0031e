"""Countries of the demo: their people's languages, addresses, taxes, and how far they are apart."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from shop.demo.scene import read

EARTH_KM = 6371.0
# Where the shops' warehouses stand, in degrees.
WAREHOUSES = {
    "Hamburg": (53.5, 10.0), "Poznań": (52.4, 16.9), "Shenzhen": (22.5, 114.1), "Rotterdam": (51.9, 4.5),
    "Yokohama": (35.4, 139.6), "Valencia": (39.5, -0.4), "Lyon": (45.8, 4.8), "Columbus": (40.0, -83.0),
    "Toronto": (43.7, -79.4),
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A country: `vat` and `duty` in percent, `free` in euros, `customs` in days, `at` in degrees."""

    country: str
    weight: float
    speak: dict[str, float]
    money: str
    names: str
    at: tuple[float, float]
    feast: str
    union: str
    vat: int
    duty: int
    free: int
    customs: float
    post: str
    hub: str
    cities: list[str]
    streets: list[str]


@dataclass(frozen=True)
class Address:
    """Where a parcel goes."""

    name: str
    street: str
    city: str
    postal_code: str
    country: str


@cache
def places() -> dict[str, Place]:
    """All countries with customers, by ISO 3166 code."""
    made: dict[str, Place] = {}
    for country, fields in read("places.yaml").items():
        made[country] = Place(country=country, **fields)  # type: ignore[arg-type]
    return made


def address(name: str, country: str, rng: np.random.Generator) -> Address:
    """Make an address up, in the country's usual form."""
    place = places()[country]
    street, number = str(rng.choice(place.streets)), int(rng.integers(1, 160))
    before = country in {"US", "GB", "CA", "AU", "NZ", "SG", "IN", "FR", "BE", "IL", "CY"}
    line = f"{number} {street}" if before else f"{street} {number}"
    return Address(name, line, str(rng.choice(place.cities)), _postal_code(place.post, rng), country)


@cache
def distance_km(city: str, country: str) -> float:
    """Great-circle distance from a warehouse's city to a country's parcel hub (haversine)."""
    (a, b), (c, d) = (tuple(map(math.radians, point)) for point in (WAREHOUSES[city], places()[country].at))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(h))


def is_border(origin: str, destination: str) -> bool:
    """Tell whether customs stands between two countries."""
    return places()[origin].union != places()[destination].union


def _postal_code(pattern: str, rng: np.random.Generator) -> str:
    letters = "ABCDEFGHJKLMNPRSTVWXY"
    filled = ""
    for sign in pattern:
        digit = rng.integers(1 if not filled else 0, 10)
        filled += str(digit) if sign == "#" else str(rng.choice(list(letters))) if sign == "@" else sign
    return filled
