"""Work out what one model of a kind of goods costs, weighs and measures, and name its properties."""

from collections.abc import Mapping

from shop.demo.kinds import Kind
from shop.demo.titles import AUDIENCES, Model, measure

# Rough price levels of the demo's shops, in units of their currency per euro; not exchange rates.
PRICE_LEVELS = {"EUR": 1.0, "USD": 1.1, "CNY": 6.5, "JPY": 150.0}
_MATERIAL_PRICES = {
    "leather": 1.5,
    "suede": 1.4,
    "silk": 1.6,
    "merino": 1.35,
    "wool": 1.15,
    "down": 1.3,
    "titanium": 1.5,
    "cast-iron": 1.3,
    "steel": 1.15,
    "linen": 1.2,
    "velvet": 1.15,
    "polyester": 0.9,
    "plastic": 0.8,
}
_AMOUNTS = {
    "L": ("ml", 1000),
    "ml": ("ml", 1),
    "kg": ("g", 1000),
    "g": ("g", 1),
    "TB": ("GB", 1000),
    "GB": ("GB", 1),
}
# Twice the amount costs and weighs 2 ** power times as much; ages, pen tips and ball sizes change neither.
_PRICE_POWERS = {
    "ml": 0.75,
    "g": 0.85,
    "W": 0.35,
    "mAh": 0.55,
    "GB": 0.4,
    "lm": 0.35,
    "cm": 0.7,
    "m": 0.5,
    "in": 1.2,
    "pack": 0.85,
    "pieces": 0.5,
    "sheets": 0.6,
    "colours": 0.7,
    "teabags": 0.8,
    "people": 0.6,
}
_WEIGHT_POWERS = {
    "ml": 0.8,
    "g": 1.0,
    "W": 0.25,
    "mAh": 0.8,
    "lm": 0.2,
    "cm": 0.9,
    "m": 0.8,
    "in": 1.5,
    "pack": 0.95,
    "pieces": 0.7,
    "sheets": 0.9,
    "colours": 0.9,
    "teabags": 0.9,
    "people": 0.6,
}
_NAMES = {
    "L": "capacity",
    "ml": "capacity",
    "g": "net_weight",
    "kg": "net_weight",
    "W": "power",
    "mAh": "battery",
    "GB": "storage",
    "TB": "storage",
    "lm": "brightness",
    "people": "people",
    "years": "age",
    "mm": "size",
    "cm": "size",
    "m": "length",
    "in": "size",
    "sized": "size",
}


def euros(kind: Kind, model: Model) -> float:
    """Price a model before brand and rounding: more content, features and a dearer material cost more."""
    price = kind.price * _growth(kind, model, _PRICE_POWERS) * (0.75 if "kids" in model.features else 1.0)
    first = kind.models[0]
    if model.material != first.material:
        price *= _dearness(model.material) / _dearness(first.material)
    extra = len(set(model.features) - set(AUDIENCES)) - len(set(first.features) - set(AUDIENCES))
    growth: float = 1.09**extra
    return price * growth


def minor_units(euro: float, currency: str) -> int:
    """Turn euros into a shelf price of the currency, in minor units: 24.99 EUR, 169 CNY, 3,980 JPY."""
    amount = euro * PRICE_LEVELS[currency]
    match currency:
        case "JPY":
            return max(98, round(amount / 100) * 100 - 20 if amount >= 1000 else round(amount / 10) * 10 - 2)
        case "CNY":
            return max(290, round(amount / 10) * 1000 - 100 if amount >= 60 else round(amount) * 100 - 10)
        case _:
            return max(59, round(amount) * 100 - 1 if amount >= 15 else round(amount * 10) * 10 - 1)


def bulk(kind: Kind, model: Model) -> tuple[int, tuple[int, int, int]]:
    """Give the weight in grams and the size in millimetres of a model."""
    weight_ratio = _growth(kind, model, _WEIGHT_POWERS)
    side = weight_ratio ** (1 / 3)
    length, width, height = (max(1, round(edge * side)) for edge in kind.size)
    return max(2, round(kind.weight * weight_ratio)), (length, width, height)


def attributes(kind: Kind, model: Model) -> dict[str, str]:
    """Give a model's properties under canonical English names; the colour is added by the caller."""
    found: dict[str, str] = {}
    for spec in model.specs:
        number = measure(spec)
        name = _NAMES.get(number[1], "contents") if number else "spec"
        found[name] = f"{found[name]}, {spec}" if name in found else spec
    material = model.material or kind.material
    extras = [feature for feature in model.features if feature not in AUDIENCES]
    audience = [feature for feature in model.features if feature in AUDIENCES]
    return (
        found
        | ({"material": material} if material else {})
        | ({"features": ", ".join(extras)} if extras else {})
        | ({"audience": audience[0]} if audience else {})
    )


def _dearness(material: str | None) -> float:
    return _MATERIAL_PRICES.get(material or "", 1.0)


def _growth(kind: Kind, model: Model, powers: Mapping[str, float]) -> float:
    mine, first = _amounts(model), _amounts(kind.models[0])
    product = 1.0
    for unit in mine.keys() & first.keys():
        product *= (mine[unit] / first[unit]) ** powers.get(unit, 0)
    return min(5.0, max(0.3, product))


def _amounts(model: Model) -> dict[str, float]:
    found: dict[str, float] = {}
    for number in filter(None, map(measure, model.specs)):
        unit, factor = _AMOUNTS.get(number[1], (number[1], 1))
        found[unit] = number[0] * factor
    return found
