"""The people who can sign in, and the orders planted for them.

Everybody's password is `haitao-demo`. Shopper k (0 … 11) has the user id k + 1 and the orders 1001 + 10k + j:

| j | state today |
|---|---|
| 0 | delivered 5 days ago: can be returned; one item for even k, two for odd k |
| 1 | delivered 200 days ago: too late to return |
| 2 | shipped, in customs; tracking `HT100001003DE`: HT, 100000000 + order number, country of origin |
| 3 | paid 30 hours ago, not dispatched: can be cancelled, its address can change |
| 4 | cancelled 20 days ago |
| 5 | only odd k: paid 10 hours ago, not dispatched either |

`PLANTED` says which products (SKU and kind) each order holds, one of each. The cast has no other orders.
"""

from typing import NamedTuple

import numpy as np

from shop.demo.catalogue import ShopDraft
from shop.demo.charges import charge, origin, warehouse_id
from shop.demo.people import Person, equip
from shop.demo.places import Address, places
from shop.demo.purchases import Line, Purchase, Scan
from shop.demo.scene import DAY, Scene, dice
from shop.demo.wares import Wares
from shop.people import hash_password

PASSWORD = "haitao-demo"  # noqa: S105 - printed in the README
HOUR = 3600


class Member(NamedTuple):
    """A shopper of the cast."""

    email: str
    name: str
    language: str
    country: str
    currency: str
    street: str
    city: str
    postal_code: str


SHOPPERS = (
    Member("emma@demo.shop", "Emma Carter", "en", "US", "USD", "214 Maple Street", "Columbus", "43004"),
    Member("mei@demo.shop", "林梅", "zh", "CN", "CNY", "人民路 88", "上海", "200001"),
    Member("carlos@demo.shop", "Carlos Ramírez", "es", "MX", "MXN", "Avenida Juárez 52", "Guadalajara", "44100"),
    Member("ana@demo.shop", "Ana Oliveira", "pt", "BR", "BRL", "Rua das Flores 310", "Curitiba", "80010-120"),
    Member("louis@demo.shop", "Louis Moreau", "fr", "FR", "EUR", "17 Rue des Lilas", "Lyon", "69003"),
    Member("jonas@demo.shop", "Jonas Weber", "de", "DE", "EUR", "Lindenweg 9", "Hamburg", "22085"),
    Member("giulia@demo.shop", "Giulia Conti", "it", "IT", "EUR", "Via Garibaldi 41", "Bologna", "40121"),
    Member("yuki@demo.shop", "佐藤 ゆき", "ja", "JP", "JPY", "桜台 12", "名古屋", "460-0008"),
    Member("minho@demo.shop", "김민호", "ko", "KR", "KRW", "해운대로 77", "부산", "48094"),
    Member("ivan@demo.shop", "Иван Мельник", "ru", "CY", "EUR", "Makariou Avenue 25", "Limassol", "3027"),
    Member("layla@demo.shop", "ليلى حسن", "ar", "AE", "USD", "شارع النخيل 6", "دبي", "00000"),
    Member("deniz@demo.shop", "Deniz Aydın", "tr", "TR", "TRY", "Çınar Sokak 34", "İzmir", "35220"),
)
# In the order of the shops: e-mail, name, language.
MERCHANTS = (
    ("nordvik@demo.shop", "Greta Lindner", "de"),
    ("lingxi@demo.shop", "何嘉", "zh"),
    ("sakura@demo.shop", "小川 さくら", "ja"),
    ("casaluz@demo.shop", "Luz Navarro", "es"),
    ("maple@demo.shop", "Hannah Cole", "en"),
)
OPERATOR = ("ops@demo.shop", "Alex Morgan", "en")
# Shopper by shopper, j = 0 … 5: SKU and kind of each item. All items of an order are of one shop.
PLANTED: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("CLO-0010 hoodie",), ("ELE-0002 headphones",), ("CLO-0011 rain-jacket",), ("ELE-0015 ssd",),
     ("KIT-0011 chef-knife",)),
    (("ELE-0009 keyboard", "BAG-0013 laptop-backpack"), ("ELE-0013 e-reader",), ("BAG-0007 handbag",),
     ("KIT-0005 kettle",), ("KIT-0013 water-bottle",), ("ELE-0003 bluetooth-speaker",)),
    (("BAG-0001 hiking-backpack",), ("KIT-0018 saucepan",), ("ELE-0004 smartwatch",), ("CLO-0028 gloves",),
     ("CLO-0017 chinos",)),
    (("CLO-0003 knit-dress", "BAG-0009 tote-bag"), ("KIT-0014 lunch-box",), ("ELE-0018 headphones",),
     ("CLO-0015 denim-jacket",), ("CLO-0004 sun-hat",), ("BAG-0031 tote-bag",)),
    (("CLO-0018 hiking-trousers",), ("BAG-0006 travel-duffel",), ("ELE-0006 tablet",), ("KIT-0009 toaster",),
     ("CLO-0013 down-jacket",)),
    (("BAG-0002 laptop-backpack", "ELE-0010 mouse"), ("CLO-0009 sweater",), ("BAG-0008 crossbody-bag",),
     ("CLO-0022 shorts",), ("ELE-0016 security-camera",), ("BAG-0012 hiking-backpack",)),
    (("CLO-0014 fleece-jacket",), ("KIT-0007 rice-cooker",), ("CLO-0001 summer-dress",), ("BAG-0003 school-backpack",),
     ("CLO-0021 blouse",)),
    (("CLO-0007 long-sleeve-top", "CLO-0005 baseball-cap"), ("KIT-0006 coffee-maker",), ("CLO-0002 evening-dress",),
     ("KIT-0010 air-fryer",), ("ELE-0019 bluetooth-speaker",), ("BAG-0016 large-suitcase",)),
    (("ELE-0020 smartwatch",), ("ELE-0012 action-camera",), ("CLO-0016 jeans",), ("ELE-0017 wireless-earbuds",),
     ("KIT-0004 wok",)),
    (("KIT-0020 wok", "KIT-0019 stockpot"), ("ELE-0014 wifi-router",), ("ELE-0025 keyboard",),
     ("BAG-0004 cabin-suitcase",), ("CLO-0017 chinos",), ("ELE-0008 monitor",)),
    (("KIT-0031 teapot",), ("CLO-0021 blouse",), ("BAG-0005 large-suitcase",), ("KIT-0016 mug",),
     ("CLO-0001 summer-dress",)),
    (("CLO-0009 sweater", "BAG-0012 hiking-backpack"), ("BAG-0011 waist-bag",), ("ELE-0009 keyboard",),
     ("CLO-0034 beanie",), ("KIT-0002 saucepan",), ("BAG-0024 laptop-backpack",)),
)  # fmt: skip
# Days before now: placed, dispatched, delivered.
_PLACED = (13.0, 210.0, 9.0, 30 / 24, 20.0, 10 / 24)


def skus() -> set[str]:
    """The products in planted orders."""
    return {item.split()[0] for orders in PLANTED for order in orders for item in order}


def shoppers(scene: Scene) -> list[Person]:
    """The twelve shoppers; they browse like others and buy only what is planted."""
    rng, hashed, made = dice("cast"), hash_password(PASSWORD), []
    for k, one in enumerate(SHOPPERS):
        home = Address(one.name, one.street, one.city, one.postal_code, one.country)
        person = Person(
            k + 1, one.email, one.name, one.country, one.currency, one.language, scene.ago(420 - 7 * k), home
        )
        person.password = hashed
        equip(person, rng)
        person.cards = [(card, one.country) for card, _ in person.cards]
        made.append(person)
    return made


def staff(shops: tuple[ShopDraft, ...]) -> list[dict[str, object]]:
    """Rows of the five merchants and the operator."""
    rows: list[dict[str, object]] = []
    for number, ((email, name, language), shop) in enumerate(zip(MERCHANTS, shops, strict=True), 1):
        rows.append({
            "id": 12 + number, "role": "merchant", "email": email, "name": name, "language": language,
            "country": shop.country, "currency": shop.currency, "shop_id": number,
        })  # fmt: skip
    email, name, language = OPERATOR
    rows.append({
        "id": 18, "role": "operator", "email": email, "name": name, "language": language, "country": "DE",
        "currency": "EUR", "shop_id": None,
    })  # fmt: skip
    return rows


def planted(people: list[Person], wares: Wares, scene: Scene) -> list[Purchase]:
    """All planted orders, paid, sent and delivered as the table above says."""
    made = []
    for k, orders in enumerate(PLANTED):
        for j, items in enumerate(orders):
            products = [_place(item, wares) for item in items]
            shop = int(wares.shop[products[0]]) + 1
            placed = scene.ago(_PLACED[j])
            lines = [Line(p, 1, int(wares.price[p, -1])) for p in products]
            order = Purchase(people[k], shop, placed, lines, people[k].home, id=1001 + 10 * k + j)
            order.warehouse = warehouse_id(wares, shop, 0)
            order.carrier = wares.shops[shop - 1].carriers[0]
            order.device, order.card = people[k].devices[0], people[k].cards[0]
            charge(order, wares)
            _bring(order, j, wares, scene)
            made.append(order)
    return made


def _place(item: str, wares: Wares) -> int:
    """The product's place; a catalogue that gives the SKU to another kind is caught here."""
    sku, kind = item.split()
    place = wares.by_sku[sku]
    if wares.drafts[place].kind != kind:
        raise ValueError(f"shop/demo/cast.py: {sku} is {wares.drafts[place].kind}, not {kind}")
    return place


def _bring(order: Purchase, j: int, wares: Wares, scene: Scene) -> None:
    """Bring a planted order into the state of its j."""
    city, country = origin(order, wares)
    order.tracking = f"HT{100_000_000 + order.id}{country}"
    here, hub = order.address, places()[order.address.country].hub
    midnight = scene.now - 6 * HOUR
    if j in {0, 1}:
        days, sent = ((5, 12), (200, 209))[j]
        order.status, order.dispatched = "delivered", scene.ago(sent)
        order.delivered = midnight - days * DAY + 15 * HOUR
        order.promised = midnight - (days - 1) * DAY + 18 * HOUR
        order.scans = [
            *_start(order, city, country),
            Scan(order.delivered - 30 * HOUR, "arrived", hub, here.country),
            Scan(order.delivered - 7 * HOUR, "out_for_delivery", here.city, here.country),
            Scan(order.delivered, "delivered", here.city, here.country),
        ]
    elif j == 2:
        order.status, order.dispatched = "shipped", scene.ago(8)
        order.promised = midnight + 4 * DAY + 18 * HOUR
        order.scans = [
            *_start(order, city, country),
            Scan(scene.ago(1.4), "arrived", hub, here.country),
            Scan(scene.ago(1.2), "customs_in", hub, here.country),
        ]
    elif j == 4:
        order.status, order.cancelled = "cancelled", order.placed + 3 * HOUR


def _start(order: Purchase, city: str, country: str) -> list[Scan]:
    assert order.dispatched is not None
    codes = ("label_created", "picked_up", "export_scan", "departed")
    hours = np.array([-5, 0, 7, 12]) * HOUR
    return [Scan(order.dispatched + int(h), code, city, country) for code, h in zip(codes, hours, strict=True)]
