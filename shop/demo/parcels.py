"""How parcels travel: scan by scan, over hubs and customs, sometimes late for reasons that can be learnt."""

import math

import numpy as np

from shop.demo.charges import origin
from shop.demo.places import distance_km, is_border, places
from shop.demo.purchases import Purchase, Scan
from shop.demo.scene import DAY, Scene, day_of, dice
from shop.demo.wares import Wares

HOUR = 3600
HANDLING = {"nordvik": 1.0, "lingxi": 1.3, "sakura": 0.8, "casaluz": 1.8, "maple": 1.2}  # days, median
SPEED = {"Nordpost": 1.05, "Hansa Express": 0.85, "Yunlu Express": 1.15, "Kuafu Air": 0.9, "Tsubame Takuhai": 0.9,
         "Correo Sur": 1.25, "Bluebird Parcel": 1.0}  # fmt: skip
PEAK = {11: 1.2, 12: 1.4, 1: 1.1}
_TYPHOON = {"CN", "JP", "KR", "HK"}
_CANCELLED = 0.03


def send(orders: list[Purchase], wares: Wares, scene: Scene) -> None:
    """Decide for every order whether it is cancelled, when it leaves and when it arrives, up to now."""
    rng, stuck = dice("parcels"), _stuck(orders, scene)
    for order in orders:
        normal, even = rng.normal(size=8), rng.random(12)
        if order.status == "placed" or order.id in stuck:
            continue
        if order.scenario == "card_testing" or (even[0] < _CANCELLED and order.scenario is None):
            cancel(order, order.placed + int(HOUR * (0.3 + 9 * even[1])), scene)
            if order.status == "cancelled":
                continue
        leave(order, order.placed + int(_handling(order, wares, normal, even) * DAY), wares, scene, normal, even)


def cancel(order: Purchase, at: int, scene: Scene) -> None:
    """Cancel an order if the moment has come."""
    if at <= scene.now:
        order.status, order.cancelled = "cancelled", at


def leave(
    order: Purchase, at: int, wares: Wares, scene: Scene, normal: np.ndarray, even: np.ndarray
) -> None:  # fmt: skip
    """Send an order off at a moment and follow it; what lies after now has not happened."""
    if at > scene.now:
        order.status = "packed" if at - 5 * HOUR <= scene.now and order.placed < at - 5 * HOUR else "paid"
        return
    order.dispatched, order.status = at, "shipped"
    city, country = origin(order, wares)
    promise = expected_days(order, city, country)
    order.promised = (at // DAY + math.ceil(promise * 1.3 + 1.0)) * DAY + 18 * HOUR
    scans = travel(order, wares, (city, country), normal, even)
    order.scans = [scan for scan in scans if scan.at <= scene.now]
    if order.scans[-1].code == "delivered":
        order.status, order.delivered = "delivered", order.scans[-1].at


def expected_days(order: Purchase, city: str, country: str) -> float:
    """Days on the way when nothing happens: what the promise is made from."""
    here = order.address.country
    customs = places()[here].customs if is_border(country, here) else 0.0
    return _haul(order, distance_km(city, here)) + customs + 0.6


def travel(
    order: Purchase, wares: Wares, start: tuple[str, str], normal: np.ndarray, even: np.ndarray
) -> list[Scan]:  # fmt: skip
    """All scans from label to door, in time order."""
    assert order.dispatched is not None
    city, country = start
    here = places()[order.address.country]
    at = order.dispatched
    days = _haul(order, distance_km(city, here.country)) * SPEED.get(order.carrier, 1.0) * _season(order, country)
    days = days * math.exp(0.22 * normal[0]) + 0.12 * min(_kilos(order, wares), 15.0)
    label = max(order.placed + (at - order.placed) // 3, at - 6 * HOUR)
    scans = [Scan(label, "label_created", city, country), Scan(at, "picked_up", city, country)]
    at += int((0.2 + 0.2 * even[2]) * DAY)
    border = is_border(country, here.country)
    scans.append(Scan(at, "export_scan" if border else "departed", city, country))
    if border:
        scans.append(Scan(at + 4 * HOUR, "departed", city, country))
    if even[3] < _storm(order, country, here.country, here.at[0]):
        at += int((1 + 3 * even[4]) * DAY)
        scans.append(Scan(at, "delayed", city, country))
    at += int(days * 0.8 * DAY) + 5 * HOUR
    scans.append(Scan(at, "arrived", here.hub, here.country))
    if border:
        at = _customs(order, wares, scans, at, normal, even)
    at += int(days * 0.2 * DAY)
    scans.append(Scan(at, "arrived", order.address.city, here.country))
    return scans + _last_mile(order, at, even)


def _customs(
    order: Purchase, wares: Wares, scans: list[Scan], at: int, normal: np.ndarray, even: np.ndarray
) -> int:  # fmt: skip
    """Through customs; a hold is likelier with duty, with electronics, and in slow countries."""
    here = places()[order.address.country]
    at += 2 * HOUR
    scans.append(Scan(at, "customs_in", here.hub, here.country))
    electric = any(wares.drafts[line.product].category == "electronics" for line in order.lines)
    if even[5] < 0.02 + 0.07 * (order.duty > 0) + 0.05 * electric + here.customs / 50:
        at += 8 * HOUR
        scans.append(Scan(at, "customs_hold", here.hub, here.country))
        at += int((1.5 + 5 * even[6]) * DAY)
    at += int(here.customs * math.exp(0.35 * normal[1]) * DAY)
    scans.append(Scan(at, "customs_out", here.hub, here.country))
    return at + 3 * HOUR


def _last_mile(order: Purchase, at: int, even: np.ndarray) -> list[Scan]:
    """Out in the morning, at the door by evening; one in sixteen must come again the next day."""
    city, country = order.address.city, order.address.country
    out = max(at + HOUR, (at // DAY + 1) * DAY + int((6 + 2 * even[7]) * HOUR))
    door = out + int((1 + 8 * even[8]) * HOUR)
    scans = [Scan(out, "out_for_delivery", city, country)]
    if even[9] < 0.06:
        scans += [Scan(door, "failed_attempt", city, country), Scan(out + DAY, "out_for_delivery", city, country)]
        door += DAY
    return [*scans, Scan(door, "delivered", city, country)]


def _haul(order: Purchase, km: float) -> float:
    """Days between warehouse and the city by service."""
    match order.service:
        case "express":
            return 0.7 + km / 4500
        case "standard":
            return 1.3 + km / 2000
        case _:
            return 2.0 + km / 800


def _season(order: Purchase, country: str) -> float:
    """Full hubs before Christmas, and closed factories at the Lunar New Year."""
    day = day_of(order.dispatched or order.placed)
    if country == "CN" and (day.month, day.day) >= (1, 25) and (day.month, day.day) <= (2, 18):
        return 1.5
    return PEAK.get(day.month, 1.0)


def _storm(order: Purchase, origin_country: str, here: str, latitude: float) -> float:
    """Chance of a delay by weather: snow in the north, typhoons in the far east."""
    month = day_of(order.dispatched or order.placed).month
    snow = 0.10 if month in {12, 1, 2} and latitude > 40 else 0.0
    typhoon = 0.12 if month in {8, 9, 10} and {origin_country, here} & _TYPHOON else 0.0
    return 0.015 + max(snow, typhoon)


def _kilos(order: Purchase, wares: Wares) -> float:
    return sum(wares.drafts[line.product].weight_g * line.quantity for line in order.lines) / 1000


def _stuck(orders: list[Purchase], scene: Scene) -> set[int]:
    """The orders that each shop has forgotten: three that should have left by now."""
    old = [o for o in orders if o.placed < scene.ago(3.3) and o.status == "paid" and o.scenario is None]
    return {one.id for shop in range(1, 6) for one in [o for o in old if o.shop == shop][-3:]}


def _handling(order: Purchase, wares: Wares, normal: np.ndarray, even: np.ndarray) -> float:
    """Days from order to dispatch: the shop's pace, longer in peak season, now and then much too long."""
    days = HANDLING[wares.shops[order.shop - 1].code] * math.exp(0.45 * normal[2]) + 0.25
    days *= PEAK.get(day_of(order.placed).month, 1.0)
    return days + (3 + 4 * even[10] if even[11] < 0.05 else 0.0)
