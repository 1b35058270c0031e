"""The true price at the door, customs codes, demand, and reorders, as the people of the small shop see them."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete

from shop.database import Database
from shop.errors import Missing, Refused, ShopError
from shop.labels import Country
from shop.money import Money
from shop.tables import Order, OrderItem, Product, StockOut
from shop.wording import LANGUAGES, Worded, say
from tests.shop import small
from tools.base import ToolResult
from tools.views import Series, Stack, Table

Run = Callable[..., ToolResult]


def amounts(result: ToolResult) -> dict[str, object]:
    assert isinstance(result.view, Table)
    return {getattr(row[0], "key", "").removeprefix("cost."): row[1] for row in result.view.rows}


def coded(database: Database, product: int, hs: str) -> None:
    with database.session() as db:
        db.get_one(Product, product).hs_code = hs


def test_the_price_at_the_door_is_the_sum_of_its_lines(run: Run, database: Database) -> None:
    coded(database, small.HEADPHONES, "8518.30")
    found = amounts(run("bob", "landed_cost", product_id=small.HEADPHONES))
    total = found.pop("total")
    assert isinstance(total, Money)
    parts = [part for part in found.values() if isinstance(part, Money)]
    assert sum(parts, Money(0, "EUR")) == total
    # the flat duty of EUR 3 on a parcel from Japan, and 19 % of goods, freight, insurance and duty
    assert found["parcel_duty"] == Money.of(3, "EUR")
    base = sum(parts, Money(0, "EUR")) - parts[-1]
    assert parts[-1] == Money.of(base.amount * Decimal("0.19"), "EUR")


def test_the_country_is_the_readers_unless_the_words_name_one(run: Run) -> None:
    def where(who: str, message: str, **more: object) -> object:
        return run(who, "landed_cost", message, product_id=small.HEADPHONES, **more).say[0].values["country"]

    assert where("bob", "how much all in?") == Country("DE")
    assert where("bob", "und nach Japan?") == Country("JP")
    assert where("bob", "how much?", country="CH") == Country("CH")
    assert where("bob", "deliver it to Brazil", country="CH") == Country("BR")


def test_the_quantity_stands_in_the_words(run: Run) -> None:
    one = run("bob", "landed_cost", "3 pieces please", product_id=small.HEADPHONES)
    assert one.say[0].values["quantity"] == 3
    assert run("bob", "landed_cost", "7 x", product_id=small.HEADPHONES).say[0].values["quantity"] == 7


def test_a_product_may_be_described(run: Run) -> None:
    assert "HN-1" in run("guest", "landed_cost", "what would headphones cost delivered to Norway?").text
    with pytest.raises(Missing):
        run("guest", "landed_cost", "what would a submarine cost delivered to Norway?")


def test_an_imported_code_that_is_none_counts_as_unknown(run: Run, database: Database) -> None:
    coded(database, small.JACKET, "jackets")
    assert run("ann", "landed_cost", product_id=small.JACKET).say[0].key == "say.landed_least"


def test_inside_one_customs_union_there_is_no_duty(run: Run) -> None:
    found = amounts(run("bob", "landed_cost", product_id=small.SOCKS))
    assert found["duty"] == Money(0, "EUR")


def test_what_is_not_known_is_said_and_not_counted(run: Run) -> None:
    result = run("ann", "landed_cost", product_id=small.JACKET)
    assert result.say[0].key == "say.landed_least"
    assert "say.landed_unknown" in [phrase.key for phrase in result.say]
    assert "at least" in result.text


def test_under_dap_duty_and_tax_are_paid_at_the_door(run: Run, database: Database) -> None:
    coded(database, small.JACKET, "6201.40")
    result = run("bob", "landed_cost", "to the UK", product_id=small.JACKET, quantity=3, terms="DAP")
    (door,) = [phrase.values["amount"] for phrase in result.say if phrase.key == "say.landed_door"]
    found = amounts(result)
    parts = [part for name in ("duty", "tax", "fee") if isinstance(part := found[name], Money)]
    assert len(parts) == 3
    assert door == sum(parts, Money(0, "EUR"))


def test_goods_that_may_not_go_there_are_called_so(run: Run, database: Database) -> None:
    coded(database, small.BREAD, "1601.00")
    result = run("other_merchant", "landed_cost", "to Germany", product_id=small.BREAD)
    assert "say.forbidden" in [phrase.key for phrase in result.say]


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        ({"quantity": 0}, "error.quantity"), ({"quantity": 1000}, "error.quantity"),
        ({"country": "ZZ"}, "error.country_rules"), ({"country": "KP"}, "error.country_rules"),
        ({"service": "sea"}, "error.no_way"),
        ({"product_id": 999}, "error.product_missing"), ({"product_id": small.LAMP}, "error.product_missing"),
    ],
)  # fmt: skip
def test_what_cannot_be_worked_out_is_one_sentence(run: Run, arguments: dict[str, object], key: str) -> None:
    with pytest.raises(ShopError) as caught:
        run("bob", "landed_cost", **{"product_id": small.SOCKS} | arguments)
    assert caught.value.key == key
    assert all(caught.value.words(language) for language in LANGUAGES)


def test_an_estimate_reads_well_in_every_language(run: Run) -> None:
    result = run("ann", "landed_cost", "to Germany by air", product_id=small.HEADPHONES, terms="DAP")
    for language in LANGUAGES:
        for one in result.say:
            written = say(one.key, language, **one.values)
            assert "{" not in written
            assert "None" not in written
        assert isinstance(result.say[1].values["why"], Worded)


def test_a_code_is_suggested_for_a_person_to_confirm(run: Run) -> None:
    result = run("merchant", "classify_goods", title="stainless steel vacuum flask")
    assert result.say[0].values["hs"] == "9617"
    assert result.say[-1].key == "say.hs_confirm"
    with pytest.raises(Refused):
        run("ann", "classify_goods", title="vacuum flask")
    with pytest.raises(ShopError):
        run("merchant", "classify_goods", title="  ")


def sell(database: Database, weeks: int = 40, units: int = 4) -> None:
    """Let the small shop sell socks every week."""
    with database.session() as db:
        like = db.get_one(Order, small.DELIVERED)
        columns = [column.key for column in Order.__mapper__.column_attrs if column.key not in ("id", "reference")]
        for week in range(1, weeks + 1):
            order = Order(**{name: getattr(like, name) for name in columns} | {"placed_at": small.ago(7 * week)})
            order.items = [
                OrderItem(product_id=small.SOCKS, title="Wool socks", quantity=units, unit_minor=990, shop_minor=990)
            ]
            db.add(order)


def test_steady_sales_go_on(run: Run, database: Database) -> None:
    sell(database)
    result = run("merchant", "forecast_demand", product_id=small.SOCKS, weeks=5)
    total = result.say[0].values["total"]
    assert isinstance(total, int)
    assert 5 * 4 <= total <= 5 * 6  # four pairs a week, and two more in weeks of the small shop's own orders
    assert isinstance(result.view, Stack)
    (chart,) = [part for part in result.view.views if isinstance(part, Series)]
    assert len(chart.values) == len(chart.low) == len(chart.high)
    assert all(low <= value <= high for low, value, high in zip(chart.low, chart.values, chart.high, strict=True))


@pytest.mark.parametrize(
    ("who", "arguments", "key"),
    [
        ("merchant", {"weeks": 0}, "error.horizon"), ("merchant", {"weeks": 10_000}, "error.horizon"),
        ("merchant", {"product_id": small.TEA}, "error.no_sales"),
        ("merchant", {"category": "spaceships"}, "error.no_sales"),
        ("merchant", {"product_id": 999}, "error.product_missing"), ("ann", {}, "error.role"),
    ],
)  # fmt: skip
def test_what_cannot_be_forecast_is_one_sentence(run: Run, who: str, arguments: dict[str, object], key: str) -> None:
    with pytest.raises(ShopError) as caught:
        run(who, "forecast_demand", **arguments)
    assert caught.value.key == key


def test_what_sells_more_than_there_is_must_be_reordered(run: Run, database: Database) -> None:
    sell(database, units=30)
    plan = run("merchant", "plan_reorder")
    assert isinstance(plan.view, Table)
    (point, units), *_ = [row[3:] for row in plan.view.rows if row[0] == "NL-2"]
    assert isinstance(point, int)
    assert isinstance(units, int)
    assert units >= point - 40 > 0  # 40 pairs are in stock
    risk = run("merchant", "stock_risk")
    assert "NL-2" in risk.text
    assert run("other_merchant", "stock_risk").say[0].key in ("say.risk_none", "say.stock_risk")
    assert "NL-2" not in run("other_merchant", "plan_reorder").text


def test_a_shop_without_sales_has_nothing_to_plan(run: Run, database: Database) -> None:
    with database.session() as db:
        db.execute(delete(StockOut))
        for order in db.query(Order):
            order.status = "cancelled"
    assert run("merchant", "plan_reorder").say[0].key == "say.reorder_none"
    assert run("merchant", "stock_risk").say[0].key == "say.risk_none"


def test_a_closed_week_is_not_taken_for_a_week_without_demand(run: Run, database: Database) -> None:
    sell(database)
    with database.session() as db:
        recent = [
            order for order in db.query(Order) if order.placed_at > small.ago(30) and order.shop_id == small.NORDLYS
        ]
        for order in recent:
            order.status = "cancelled"
        db.add(StockOut(product_id=small.SOCKS, starts_at=small.ago(30), ends_at=small.NOW - timedelta(days=1)))
    total = run("merchant", "forecast_demand", product_id=small.SOCKS, weeks=5).say[0].values["total"]
    assert isinstance(total, int)
    assert total >= 5 * 3
