"""What holds for any consignment, whatever the amounts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from shop.customs import Consignment, Item, Parcel, assess, barred, countries, insurance, named, quote, refund
from shop.customs.freight import chargeable
from shop.labels import Country
from shop.money import Money
from shop.wording import LANGUAGES

CODES = st.sampled_from([None, "6109.10", "8516.79", "4901.10", "6402.99", "8471.30", "2204.21", "0901.21", "9503.00"])
LANDS = st.sampled_from(sorted(countries()))
CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "GBP", "CNY"])
DAY = date(2026, 11, 2)
FLAT = {code for code, land in countries().items() if land.union == "EU"}


@st.composite
def consignments(draw: st.DrawFn) -> Consignment:
    currency = draw(CURRENCIES)
    money = st.integers(0, 500_000).map(lambda minor: Money(minor, currency))
    items = draw(st.lists(st.builds(Item, money, st.integers(1, 9), CODES), min_size=1, max_size=3))
    return Consignment(
        draw(LANDS), draw(LANDS), tuple(items), draw(money), draw(money), DAY, draw(st.sampled_from(["DDP", "DAP"])),
    )  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(consignments())
def test_the_lines_add_up_and_none_is_negative(sent: Consignment) -> None:
    estimate = assess(sent)
    known = [line.amount for line in estimate.lines if line.amount is not None]
    assert sum(known, Money(0, sent.freight.currency)) == estimate.total
    assert all(amount.minor >= 0 for amount in known)
    assert estimate.at_door <= estimate.total
    assert sent.terms == "DAP" or estimate.at_door.minor == 0


@settings(max_examples=200, deadline=None)
@given(consignments())
def test_each_line_names_its_rule_its_source_and_its_day(sent: Consignment) -> None:
    for line in assess(sent).lines:
        assert line.rule.key.startswith("rule.")
        assert line.rule.source
        assert line.amount is not None or line.kind in ("duty", "tax", "fee")


@settings(max_examples=300, deadline=None)
@given(consignments(), st.integers(1, 100_000))
def test_a_higher_price_never_costs_less(sent: Consignment, more: int) -> None:
    dearer = replace(sent.items[0], price=Money(sent.items[0].price.minor + more, sent.items[0].price.currency))
    first, second = assess(sent), assess(replace(sent, items=(dearer, *sent.items[1:])))
    if first.is_complete and second.is_complete and not _leaves_the_flat_duty(first, second):
        assert first.total <= second.total


def _leaves_the_flat_duty(first: object, second: object) -> bool:
    """From EUR 150 up the EU's EUR 3 for each subheading give way to rates by code, which may be nothing."""
    kinds = [{line.kind for line in one.lines} for one in (first, second)]  # type: ignore[attr-defined]
    return ("parcel_duty" in kinds[0]) != ("parcel_duty" in kinds[1])


@settings(max_examples=200, deadline=None)
@given(consignments())
def test_all_goods_back_give_no_more_than_was_paid_for_them(sent: Consignment) -> None:
    estimate = assess(sent)
    everything = {place: item.quantity for place, item in enumerate(sent.items)}
    assert refund(sent, estimate, everything).minor <= estimate.total.minor + len(sent.items)


@settings(max_examples=200, deadline=None)
@given(
    LANDS, LANDS, st.integers(1, 30_000), st.integers(1, 900), st.integers(1, 20), st.sampled_from(["air", "express"])
)
def test_more_weight_and_more_pieces_never_travel_cheaper(
    origin: str, to: str, grams: int, size: int, pieces: int, service: str
) -> None:
    one = quote(origin, to, Parcel(grams, size, size, size, pieces), service, "EUR", DAY)
    other = quote(origin, to, Parcel(grams + 100, size, size, size, pieces + 1), service, "EUR", DAY)
    assert one is not None
    assert other is not None
    assert one.price <= other.price
    assert one.kilos >= Decimal(grams * pieces) / 1000


def test_the_heavier_of_actual_and_volumetric_weight_is_charged_in_half_kilos() -> None:
    # 40 x 30 x 20 cm are 24,000 cm³, which are 4.8 kg
    assert chargeable(Parcel(1200, 400, 300, 200), Decimal(5000), Decimal("0.5")) == 5
    assert chargeable(Parcel(5100, 400, 300, 200), Decimal(5000), Decimal("0.5")) == Decimal("5.5")
    assert chargeable(Parcel(100, 100, 100, 100, pieces=3), Decimal(5000), Decimal("0.5")) == 1


def test_freight_follows_the_tariff() -> None:
    # from China to Germany by air: EUR 9.90 and EUR 5.80 a kilogram
    found = quote("CN", "DE", Parcel(2000, 100, 100, 100), "air", "EUR", DAY)
    assert found is not None
    assert (found.price, found.kilos, found.days) == (Money.of(9.90 + 2 * 5.80, "EUR"), Decimal(2), (7, 14))
    assert quote("DE", "DE", Parcel(2000, 100, 100, 100), "sea", "EUR", DAY) is None


def test_insurance_is_half_a_percent_of_110_percent() -> None:
    assert insurance(Money.of(100, "EUR"), Money.of(20, "EUR")) == Money.of(120 * 1.10 * 0.005, "EUR")


def test_goods_that_may_not_go_there_are_named() -> None:
    assert [one.kind for one in barred("SG", "2404.12")] == ["forbidden"]
    assert [one.what for one in barred("DE", "0406.90")] == ["animal_food"]
    assert [one.what for one in barred("GB", "8507.60")] == ["batteries"]
    assert barred("DE", "6109.10") == ()


def test_every_country_is_found_by_its_name_in_every_language() -> None:
    missed = []
    for language in LANGUAGES:
        for code in countries():
            name = Country(code).words(language)
            missed += [(language, name)] if named(f"… {name} ?") != code else []
    assert missed == []


def test_a_country_is_found_in_sentences_of_twelve_languages() -> None:
    said = {
        "How much is it delivered to the UK?": "GB", "from China to Germany": "DE", "发到巴西多少钱": "BR",
        "cuánto cuesta enviado a México": "MX", "quanto fica entregue no Japão": "JP", "livré au Canada": "CA",
        "Was kostet das in die Schweiz geliefert": "CH", "consegnato in Norvegia": "NO", "ドイツまで送ると": "DE",
        "호주까지 얼마예요": "AU", "сколько с доставкой в Бразилию": "BR", "كم يكلف إلى ألمانيا": "DE",
        "Almanya'ya teslim": "DE", "в Индонезию": "ID", "to Nigeria": "NG", "a jersey shirt": None,
        "bouteille d'eau": None,
    }  # fmt: skip
    assert {words: named(words) for words in said} == said
