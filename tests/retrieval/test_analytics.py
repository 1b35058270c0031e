"""A merchant's question is read into the parts of a query, in every language."""

from datetime import date

import pytest

from retrieval.analytics import is_follow_up, read
from retrieval.reading import Reading
from retrieval.vocabulary import patterns, raw
from shop.measures.calendar import EVENTS
from shop.measures.catalogue import DIMENSIONS, MEASURES
from shop.measures.query import Filter, Period
from shop.wording import LANGUAGES

TODAY = date(2026, 11, 2)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "month")
SINCE_JUNE = Period(date(2026, 6, 1), TODAY)


def ask(text: str, language: str = "en") -> Reading:
    return read(text, TODAY, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "return rate of shoes in Germany last month"), ("zh", "上个月德国鞋类的退货率"),
        ("es", "tasa de devolución del calzado en Alemania el mes pasado"),
        ("pt", "taxa de devolução do calçado na Alemanha no mês passado"),
        ("fr", "taux de retour des chaussures en Allemagne le mois dernier"),
        ("de", "Retourenquote bei Schuhen in Deutschland im letzten Monat"),
        ("it", "tasso di reso delle scarpe in Germania il mese scorso"), ("ja", "先月のドイツの靴の返品率"),
        ("ko", "지난달 독일 신발 반품률"), ("ru", "доля возвратов обуви в Германии в прошлом месяце"),
        ("ar", "معدل إرجاع الأحذية في ألمانيا الشهر الماضي"), ("tr", "geçen ay Almanya'da ayakkabı iade oranı"),
    ],
)  # fmt: skip
def test_the_same_question_in_every_language(language: str, text: str) -> None:
    reading = ask(text, language)
    assert (reading.measure, reading.period) == ("return_rate", OCTOBER)
    assert set(reading.where) == {Filter("country", ("DE",)), Filter("category", ("shoes",))}
    assert reading.by is None and reading.against is None and not reading.is_absent


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("sales since June", SINCE_JUNE), ("Umsatz seit Juni", SINCE_JUNE), ("6月以来的销售额", SINCE_JUNE),
        ("haziran'dan beri ciro", SINCE_JUNE), ("выручка с июня", SINCE_JUNE),
        ("revenue on Black Friday", Period(date(2025, 11, 28), date(2025, 11, 30), "event:black_friday")),
        ("revenue since 11.11", Period(date(2025, 11, 11), TODAY)),
        ("sales in March 2025", Period(date(2025, 3, 1), date(2025, 3, 31), "month")),
        ("Umsatz vom 1. März bis 15. März 2026", Period(date(2026, 3, 1), date(2026, 3, 15))),
        ("revenue in the last 7 days", Period(date(2026, 10, 27), TODAY)),
        ("sales in November last year", Period(date(2025, 11, 1), date(2025, 11, 30), "month")),
        ("sales in the second quarter", Period(date(2026, 4, 1), date(2026, 6, 30), "quarter")),
        ("sales from 2026-03-01 to 2026-03-09", Period(date(2026, 3, 1), date(2026, 3, 9))),
    ],
)  # fmt: skip
def test_periods(text: str, period: Period) -> None:
    reading = ask(text)
    assert (reading.measure, reading.period) == ("revenue", period)


def test_what_is_compared_with() -> None:
    assert ask("revenue in October compared with last year").against == "year_before"
    assert ask("revenue last month vs the month before").against == "previous"
    assert ask("orders in October compared with September").against == Period(
        date(2026, 9, 1), date(2026, 9, 30), "month"
    )
    assert ask("revenue in October").against is None
    assert ask("which countries lost most since June").order == "fell"


def test_how_many_rows_and_which_first() -> None:
    best = ask("top 3 products by margin this year")
    assert (best.by, best.top, best.order, best.measure) == ("product", 3, "most", "margin")
    assert ask("上季度销售额最低的5个产品").top == 5
    assert ask("worst selling products").order == "least"
    assert (ask("which carrier is worst by late rate").quality, ask("highest late rate by carrier").quality) == (
        "worst", None,
    )  # fmt: skip


def test_without_something() -> None:
    assert ask("revenue without Germany").where == (Filter("country", ("DE",), is_excluding=True),)
    assert ask("ドイツ以外の売上", "ja").where == (Filter("country", ("DE",), is_excluding=True),)


@pytest.mark.parametrize("text", ["What's the weather in Berlin?", "竞争对手的销售额", "Umsatz nach Altersgruppe",
                                  "売上予測", "revenue next month"])  # fmt: skip
def test_what_no_records_hold_is_known(text: str) -> None:
    assert ask(text).is_absent


def test_lines_refine_what_was_asked() -> None:
    reading = ask("orders from the US in March 2026\nonly shoes\nand last year?")
    assert reading.measure == "orders"
    assert reading.period == Period(date(2025, 3, 1), date(2025, 3, 31), "month")
    assert set(reading.where) == {Filter("country", ("US",)), Filter("category", ("shoes",))}
    assert ask("revenue in Germany\nand in France").where == (Filter("country", ("FR",)),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("and only France", True),
        ("und im September?", True),
        ("按品类", True),
        ("9月は？", True),
        ("Late delivery rate by warehouse this year", False),
        ("thanks", False),
        ("hello there", False),
    ],
)
def test_follow_ups_are_told_from_questions(text: str, *, expected: bool) -> None:
    assert is_follow_up(text, TODAY, "en") is expected


def test_a_watch_has_a_side_and_a_limit() -> None:
    watch = ask("tell me when the return rate of shoes passes 8 %")
    assert (watch.is_watch, watch.measure, watch.side, watch.limit) == (True, "return_rate", "above", 0.08)
    below = ask("Sag mir, wenn der Umsatz unter 5.000 Euro fällt", "de")
    assert (below.side, below.limit, below.measure) == ("below", 5000.0, "revenue")


@pytest.mark.parametrize("text", ["", " ", "?", "\n\n", "🙂", "x" * 5000, "0" * 400, "\x00\ue005\ue006"])
def test_odd_text_is_no_question(text: str) -> None:
    assert ask(text).measure is None


def test_the_words_name_every_measure_dimension_and_event() -> None:
    assert set(raw()["measure"]) == set(MEASURES)
    assert set(raw()["by"]) == set(DIMENSIONS)
    assert set(raw()["event"]) == set(EVENTS)
    assert len(LANGUAGES) == 12
    for family in raw():
        if family not in ("currency", "category"):
            assert all(pattern.search("qqq") is None for pattern in patterns(family).values()), family
