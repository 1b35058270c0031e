"""The demo's customers: who they are, how often they buy, and with what they pay."""

import unicodedata
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from shop.demo.places import Address, Place, address, places
from shop.demo.scene import DAY, DAYS, Scene, dice, read

CUSTOMERS = 2_400
STRANGERS = 70  # accounts that swindlers open
FIRST_CUSTOMER = 19  # after 12 shoppers, 5 merchants and the operator of the cast
_FAMILY_FIRST = {"zh": "", "ko": "", "ja": " "}
_MAIL = ("example.com", "example.org", "example.net", "mail.example", "post.example")


@dataclass(slots=True)
class Person:
    """An account with what the shop never sees: `rate`, how eager a buyer, and `tier`, −1 thrifty … 1 lavish."""

    id: int
    email: str
    name: str
    country: str
    currency: str
    language: str
    created: int
    home: Address
    rate: float = 0.0
    tier: float = 0.0
    last: int | None = None
    devices: list[str] = field(default_factory=list)
    cards: list[tuple[str, str]] = field(default_factory=list)
    password: str | None = None

    @property
    def place(self) -> Place:
        """The country the person lives in."""
        return places()[self.country]


def customers(scene: Scene) -> list[Person]:
    """Draw the customers. The number who join grows; a third buys once, a twelfth is very loyal."""
    rng = dice("people")
    lands = list(places().values())
    shares = np.array([place.weight for place in lands])
    homes = rng.choice(len(lands), CUSTOMERS, p=shares / shares.sum())
    made = []
    for number in range(CUSTOMERS):
        person = draw(FIRST_CUSTOMER + number, lands[int(homes[number])], rng)
        joined = int(DAYS - 1000 + 1000 * rng.beta(1.35, 1.0))
        person.created = min(scene.midnight(joined) + int(rng.integers(DAY)), scene.ago(0.2))
        person.rate = float(np.exp(rng.normal(0.0, 0.9)))
        if rng.random() < 0.34:
            person.rate, person.last = 2.0, person.created + 45 * DAY
        elif rng.random() < 0.12:
            person.rate *= 4.0
        elif rng.random() < 0.25:
            person.last = person.created + int(rng.integers(90, 500)) * DAY
        made.append(person)
    return made


def strangers(scene: Scene) -> list[Person]:
    """Draw the accounts of swindlers; the scenario that uses one sets its date."""
    rng = dice("strangers")
    lands = list(places().values())
    made = []
    for number in range(STRANGERS):
        person = draw(FIRST_CUSTOMER + CUSTOMERS + number, lands[int(rng.integers(len(lands)))], rng)
        letters = "".join(rng.choice(list("abcdefghijkmnpqrstuvwxyz0123456789"), 9))
        person.email = f"{letters}{person.id}@{rng.choice(_MAIL)}"
        person.created = scene.start
        made.append(person)
    return made


def draw(number: int, place: Place, rng: np.random.Generator) -> Person:
    """Draw one person of a country."""
    language = str(rng.choice(list(place.speak), p=np.array([*place.speak.values()]) / sum(place.speak.values())))
    name, latin = _name(place.names, rng)
    email = f"{latin}{number}@{_MAIL[number % len(_MAIL)]}"
    person = Person(number, email, name, place.country, place.money, language, 0, address(name, place.country, rng))
    person.tier = float(np.clip(rng.normal(0, 0.5), -1, 1))
    equip(person, rng)
    return person


def equip(person: Person, rng: np.random.Generator) -> None:
    """Give somebody devices and cards; one card in thirty is from abroad."""
    person.devices = [token("dev", rng) for _ in range(1 + int(rng.random() < 0.55) + int(rng.random() < 0.15))]
    for _ in range(1 + int(rng.random() < 0.3)):
        abroad = rng.random() < 0.03
        land = str(rng.choice(list(places()))) if abroad else person.country
        person.cards.append((token("card", rng), land))


def token(kind: str, rng: np.random.Generator) -> str:
    """Make a name for a card or device that says nothing about it."""
    return f"{kind}_{int(rng.integers(16**10)):010x}"


def _name(names: str, rng: np.random.Generator) -> tuple[str, str]:
    """A full name as written at home, and its Latin form for an address."""
    given, family = (str(rng.choice(_names()[names][part])).partition("=") for part in ("given", "family"))
    parts = (family[0], given[0]) if names in _FAMILY_FIRST else (given[0], family[0])
    return _FAMILY_FIRST.get(names, " ").join(parts), f"{_plain(given[2] or given[0])}.{_plain(family[2] or family[0])}"


@cache
def _names() -> dict[str, dict[str, list[str]]]:
    return read("names.yaml")  # type: ignore[return-value]


def _plain(name: str) -> str:
    """Latin letters without marks, lower case."""
    name = name.lower().translate(str.maketrans("łıßøæ", "lisoa"))
    return "".join(c for c in unicodedata.normalize("NFKD", name) if c.isascii() and c.isalnum())
