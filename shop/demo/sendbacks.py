"""What comes back: which orders, why, and the refund."""

from shop.demo.purchases import Purchase
from shop.demo.scene import DAY, Scene, dice
from shop.demo.wares import Wares

RATES = {"clothing": 0.11, "shoes": 0.13, "bags": 0.06, "electronics": 0.075, "phone-accessories": 0.05, "toys": 0.04,
         "outdoor": 0.06, "sports": 0.05, "home": 0.05, "kitchen": 0.045, "groceries": 0.012, "beauty": 0.018,
         "stationery": 0.02, "pets": 0.025}  # fmt: skip
NEVER_FOR_A_WHIM = {"groceries", "beauty"}
FAULTS = ("damaged", "wrong_item", "not_as_described", "defective")
_WEAR = ("does_not_fit", "does_not_fit", "does_not_fit", "changed_mind", "not_as_described", "wrong_item")
_TECH = ("defective", "defective", "not_as_described", "changed_mind", "damaged")
_OTHER = ("damaged", "not_as_described", "changed_mind", "wrong_item", "defective", "other")


def send_back(orders: list[Purchase], wares: Wares, scene: Scene) -> None:
    """Send about six of a hundred delivered orders back, by what was in them and whether they were late."""
    rng = dice("returns")
    for order in orders:
        chance, pick, lag, wait = rng.random(4)
        if order.delivered is None or order.scenario not in {None, "refund_abuse"}:
            continue
        kinds = [wares.drafts[line.product].category for line in order.lines]
        late = order.delivered > order.promised
        rate = max(RATES.get(kind, 0.04) for kind in kinds) + 0.02 * late
        if chance > rate and not order.scenario:
            continue
        reason = _reason(kinds, late, pick)
        if reason not in FAULTS and NEVER_FOR_A_WHIM & set(kinds):
            reason = "damaged"
        if order.scenario:
            reason = "damaged" if pick < 0.7 else "wrong_item"
        asked = order.delivered + int((0.3 + 5.7 * lag) * DAY)
        if asked <= scene.now:
            give_back(order, reason, asked, asked + int((4 + 10 * wait) * DAY), scene)


def give_back(order: Purchase, reason: str, asked: int, paid: int, scene: Scene) -> None:
    """Note a return, refunded if the day has come."""
    done = paid <= scene.now
    order.returned = (reason, asked, paid if done else None)
    order.status = "returned" if done else "return_requested"


def _reason(kinds: list[str], late: bool, pick: float) -> str:
    if late and pick > 0.6:
        return "arrived_late"
    if {"clothing", "shoes"} & set(kinds):
        among: tuple[str, ...] = _WEAR
    else:
        among = _TECH if {"electronics", "phone-accessories"} & set(kinds) else _OTHER
    return among[int(pick / (0.6001 if late else 1.0001) * len(among))]
