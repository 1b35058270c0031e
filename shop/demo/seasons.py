"""When which goods are wanted: months, weekdays, feasts and sales."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays
import numpy as np
from numpy.typing import NDArray

from shop.demo.scene import DAY, DAYS, Scene

FEASTS = ("west", "lunar", "japan", "ramadan", "east")
# Demand from January to December beside the year's mean; our own estimate of the northern half of the world.
_MONTHS: dict[str, tuple[float, ...]] = {
    "clothing": (0.8, 0.8, 1.0, 1.1, 1.0, 0.9, 0.9, 0.9, 1.1, 1.2, 1.2, 1.2),
    "shoes": (0.8, 0.8, 1.1, 1.2, 1.1, 0.9, 0.8, 1.0, 1.2, 1.1, 1.0, 1.0),
    "bags": (0.8, 0.8, 0.9, 1.0, 1.2, 1.4, 1.4, 1.2, 0.9, 0.8, 0.9, 1.1),
    "outdoor": (0.4, 0.5, 0.8, 1.2, 1.6, 1.9, 1.9, 1.5, 0.9, 0.6, 0.5, 0.6),
    "sports": (1.6, 1.2, 1.1, 1.1, 1.1, 1.0, 0.9, 0.8, 1.0, 0.8, 0.7, 0.9),
    "electronics": (0.8, 0.8, 0.8, 0.8, 0.9, 0.9, 0.9, 1.0, 1.1, 1.0, 1.5, 1.6),
    "phone-accessories": (0.9, 0.9, 0.9, 0.9, 1.0, 1.0, 1.0, 1.0, 1.2, 1.1, 1.1, 1.2),
    "kitchen": (0.9, 0.9, 0.9, 0.9, 1.0, 0.9, 0.9, 0.9, 1.0, 1.1, 1.3, 1.4),
    "home": (1.1, 0.9, 1.0, 1.0, 1.0, 0.9, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3),
    "groceries": (0.9, 0.9, 1.0, 1.0, 0.9, 0.9, 0.9, 0.9, 1.0, 1.0, 1.1, 1.4),
    "beauty": (0.9, 1.1, 1.1, 0.9, 1.2, 1.0, 1.0, 0.8, 0.9, 0.9, 1.1, 1.3),
    "toys": (0.5, 0.6, 0.7, 0.8, 0.8, 0.9, 0.8, 0.7, 0.8, 1.0, 1.9, 2.8),
    "stationery": (1.1, 0.7, 0.9, 0.9, 0.8, 0.8, 1.2, 2.4, 1.6, 0.8, 0.7, 0.9),
    "pets": (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.1),
}
# Monday to Sunday.
_WEEK: dict[str, tuple[float, ...]] = {
    "outdoor": (0.8, 0.8, 0.9, 1.2, 1.4, 1.1, 0.9), "sports": (1.3, 1.1, 1.0, 0.9, 0.8, 0.9, 1.1),
    "groceries": (1.1, 0.9, 0.9, 1.1, 1.3, 1.0, 0.7), "toys": (0.8, 0.8, 0.9, 0.9, 1.1, 1.4, 1.3),
    "stationery": (1.3, 1.2, 1.1, 1.0, 0.9, 0.6, 0.9), "clothing": (0.9, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3),
}  # fmt: skip
_PLAIN_WEEK = (1.05, 0.95, 0.95, 0.95, 1.0, 1.0, 1.15)
# Goods that a feast sells in the weeks before it.
_GIFTS: dict[str, tuple[str, ...]] = {
    "christmas": ("toys", "electronics", "beauty", "home", "clothing"),
    "lunar": ("clothing", "groceries", "toys", "home"),
    "ramadan": ("groceries", "kitchen", "clothing", "home"),
    "women": ("beauty", "bags", "home"),
    "golden": ("outdoor", "bags", "toys"),
}


@dataclass(frozen=True)
class Sale:
    """A reduction: of one category or (None) of the whole shop, from day to day, both included."""

    shop: str
    category: str | None
    name: str
    percent: int
    first: date
    last: date


def demand(scene: Scene, categories: list[str]) -> NDArray[np.float64]:
    """Demand factors: feast × category × day of the demo."""
    days = [scene.date(day) for day in range(DAYS + 1)]
    table = np.ones((len(FEASTS), len(categories), len(days)))
    for place, code in enumerate(categories):
        week = _WEEK.get(code, _PLAIN_WEEK)
        table[:, place, :] = [_month(code, day) * week[day.weekday()] for day in days]
    for f, feast in enumerate(FEASTS):
        for d, day in enumerate(days):
            table[f, :, d] *= _big_sale(feast, day)
            for name, strength in _feasts(feast, day):
                table[f, [c for c, code in enumerate(categories) if code in _GIFTS[name]], d] *= strength
            table[f, :, d] *= _quiet(feast, day)
    return table


def sales(scene: Scene) -> list[Sale]:
    """The shops' sales of the 24 months, in time order, that began by today."""
    first, found = scene.date(0), []
    for year in range(first.year - 1, scene.today.year + 1):
        found += _year(year)
    running = [sale for sale in found if sale.last >= first and sale.first <= scene.today]
    return sorted(running, key=lambda sale: (sale.first, sale.shop, sale.category or ""))


def moments(sale: Sale) -> tuple[int, int]:
    """When a sale starts and ends, in seconds since 1970."""
    epoch = date(1970, 1, 1)
    return (sale.first - epoch).days * DAY, (sale.last - epoch).days * DAY + DAY


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)


def _year(year: int) -> list[Sale]:
    friday, new_year = black_friday(year), _lunar_new_year(year)
    shops = ("nordvik", "lingxi", "sakura", "casaluz", "maple")
    black = [Sale(s, None, "Black Friday", 20, friday, friday + timedelta(days=3)) for s in shops if s != "sakura"]
    singles = [
        Sale("lingxi", None, "11.11", 30, date(year, 11, 9), date(year, 11, 12)),
        Sale("sakura", None, "11.11", 15, date(year, 11, 10), date(year, 11, 11)),
    ]
    return black + singles + [
        Sale("nordvik", "outdoor", "Late Summer Trails", 25, date(year, 8, 20), date(year, 9, 5)),
        Sale("nordvik", "shoes", "Spring on Foot", 15, date(year, 3, 15), date(year, 3, 28)),
        Sale("nordvik", "clothing", "Warm Layers", 15, date(year, 11, 5), date(year, 11, 25)),
        Sale("lingxi", None, "Spring Festival", 20, new_year - timedelta(days=16), new_year - timedelta(days=4)),
        Sale("lingxi", "phone-accessories", "6.18", 25, date(year, 6, 14), date(year, 6, 18)),
        Sale("sakura", None, "Golden Week", 15, date(year, 4, 27), date(year, 5, 6)),
        Sale("sakura", "stationery", "New School Year", 20, date(year, 3, 20), date(year, 4, 5)),
        Sale("casaluz", None, "Winter Sale", 25, date(year, 1, 7), date(year, 1, 31)),
        Sale("casaluz", "clothing", "Summer Sale", 30, date(year, 7, 1), date(year, 7, 28)),
        Sale("casaluz", "home", "Autumn Nest", 10, date(year, 10, 10), date(year, 10, 31)),
        Sale("maple", "toys", "Holiday Toys", 20, date(year, 12, 1), date(year, 12, 15)),
        Sale("maple", "stationery", "Back to School", 20, date(year, 8, 1), date(year, 8, 25)),
        Sale("maple", "pets", "Pet Week", 15, date(year, 5, 10), date(year, 5, 17)),
    ]  # fmt: skip


def _month(code: str, day: date) -> float:
    """Between the middles of two months the factor moves in a straight line."""
    months = _MONTHS.get(code, (1.0,) * 12)
    where = day.month - 1 + (day.day - 15.5) / 30.4
    low = int(np.floor(where))
    share = where - low
    return months[low % 12] * (1 - share) + months[(low + 1) % 12] * share


def _big_sale(feast: str, day: date) -> float:
    """The two sales that everybody knows."""
    friday = black_friday(day.year)
    if date(day.year, 11, 9) <= day <= date(day.year, 11, 12):
        return {"lunar": 1.7, "west": 1.1}.get(feast, 1.3)
    if friday <= day <= friday + timedelta(days=3):
        return {"west": 1.8, "east": 1.5}.get(feast, 1.2)
    return 1.0


def _feasts(feast: str, day: date) -> list[tuple[str, float]]:
    """The feasts ahead that this day's shoppers buy for, with their strength."""
    found = []
    if feast in {"west", "japan"} and date(day.year, 11, 28) <= day <= date(day.year, 12, 19):
        found.append(("christmas", 1.35))
    if feast == "lunar" and 4 <= (_lunar_new_year(day.year) - day).days <= 25:
        found.append(("lunar", 2.0))
    if feast == "ramadan" and 1 <= (_end_of_ramadan(day.year) - day).days <= 38:
        found.append(("ramadan", 1.9))
    if feast == "east" and date(day.year, 2, 20) <= day <= date(day.year, 3, 6):
        found.append(("women", 1.9))
    if feast == "japan" and date(day.year, 4, 18) <= day <= date(day.year, 5, 4):
        found.append(("golden", 1.6))
    return found


def _quiet(feast: str, day: date) -> float:
    """Days on which families celebrate and do not shop."""
    if feast == "lunar" and -6 <= (_lunar_new_year(day.year) - day).days <= 0:
        return 0.45
    if feast == "ramadan" and -2 <= (_end_of_ramadan(day.year) - day).days <= 0:
        return 0.5
    if feast == "west" and day.month == 12 and day.day in {24, 25, 26}:
        return 0.5
    return 0.6 if day.month == 1 and day.day == 1 else 1.0


@cache
def _lunar_new_year(year: int) -> date:
    return _first("HK", year, "Chinese New Year")


@cache
def _end_of_ramadan(year: int) -> date:
    return _first("AE", year, "Eid al-Fitr")


def _first(country: str, year: int, name: str) -> date:
    found = holidays.country_holidays(country, years=year, language="en_US")
    days = [day for day, names in found.items() if name in names and day.year == year]
    return min(days, default=date(year, 2, 10))
