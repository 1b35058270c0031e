"""Views as HTML: whatever people wrote stays text, and values are written in the reader's language."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from agent.screen.cards import draw
from shop.money import Money
from shop.wording import LANGUAGES, Term
from tools.views import (
    Candidate,
    Card,
    Cards,
    Cell,
    Line,
    OrderView,
    Parcel,
    Question,
    Series,
    Stack,
    Step,
    Table,
    View,
)

EVIL = "\"><script>alert(1)</script><img src=x onerror='alert(1)'>{{7*7}}${7*7}"
DAY = datetime(2026, 3, 9, 12, tzinfo=UTC)
HARMLESS = {
    *("div", "article", "header", "section", "figure", "figcaption", "p", "span", "strong", "bdi", "s", "h4"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "button", "small"),
    *("dl", "dt", "dd", "svg", "rect", "circle", "path", "line", "polyline", "polygon", "text", "title"),
}


class Tags(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


def read(html: str) -> Tags:
    parser = Tags()
    parser.feed(str(html))
    return parser


def card(**changes: object) -> Card:
    plain: dict[str, object] = {
        "product_id": 7, "sku": "BAG-007", "title": "Rucksack", "brand": "Nordvik", "shop": "Nordvik",
        "category": "bags", "colour": "navy", "price": Money(7900, "EUR"), "regular": None, "rating": 4.5,
        "reviews": 3, "in_stock": 5,
    }  # fmt: skip
    return Card(**(plain | changes))  # type: ignore[arg-type]


def everything(text: str) -> Stack:
    return Stack(
        (
            Cards((card(title=text, brand=text, shop=text, sku=text, category=text, colour=text, note=text),)),
            Table((text, "view.price"), ((text, Money(100, "EUR")), (text, None)), title=text),
            Parcel(1, text, text, text, DAY, None, (Step(DAY, text, text, text),)),
            OrderView(1, text, DAY, (Line(1, text, 2, Money(100, "EUR")),), Money(200, "EUR"), text),
            Series(text, (text, text), (1.0, 2.0), text),
            Series(text, (text, text), (1.0, 2.0), text, "line"),
            Question((Candidate(1, text, text),)),
        )
    )


def test_what_people_wrote_stays_text() -> None:
    seen = read(draw(everything(EVIL), "en"))
    assert seen.tags <= HARMLESS
    assert not {name for name in seen.attributes if name.startswith("on") or name in ("href", "src")}
    assert seen.words.count("<script>alert(1)</script>") >= 12


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_view_can_be_drawn_in_every_language(language: str) -> None:
    assert len(draw(everything("x"), language)) > 1000


def test_a_reduced_product_shows_both_prices() -> None:
    html = draw(Cards((card(price=Money(7500, "EUR"), regular=Money(10000, "EUR")),)), "de")
    assert "75,00\xa0€" in html
    assert "100,00\xa0€" in html
    assert f"−{round(100 * (1 - 7500 / 10000))} %" in html


def test_a_product_that_is_sold_out_says_so() -> None:
    assert "Out of stock" in draw(Cards((card(in_stock=0),)), "en")


def test_a_parcel_shows_what_is_done_and_what_is_to_come() -> None:
    parcel = Parcel(1, "HT1", "Post", "shipped", DAY, None, (Step(DAY, "customs_in", "Frankfurt", "DE"),))
    html = draw(parcel, "en")
    assert html.count('class="done now"') == 1
    assert html.count('class="open"') == len(("customs_out", "out_for_delivery", "delivered"))


def test_a_delivered_parcel_has_nothing_to_come() -> None:
    parcel = Parcel(1, "HT1", "Post", "delivered", DAY, DAY, (Step(DAY, "delivered", "Berlin", "DE"),))
    assert 'class="open"' not in draw(parcel, "en")


def test_a_candidate_is_a_button_that_says_its_message() -> None:
    assert 'data-act="ask" data-value="1003"' in draw(Question((Candidate(1003, "Rucksack", "1003"),)), "en")


@pytest.mark.parametrize(
    ("cell", "language", "written"),
    [
        (Money(129900, "EUR"), "de", "1.299,00\xa0€"),
        (Money(5000, "JPY"), "ja", "￥5,000"),
        (1234, "fr", "1234"),
        (DAY, "zh", "2026年3月9日"),
        (Term("status.paid"), "en", "paid"),
        (None, "en", "–"),
    ],
)
def test_cells_are_written_as_readers_write_them(cell: Cell, language: str, written: str) -> None:
    assert f">{written}</td>" in draw(Table(("view.price",), ((cell,),)), language)


@pytest.mark.parametrize(
    "view", [Cards(()), Table((), ()), Question(()), Series("view.revenue", (), (), "EUR"), Stack(())]
)
def test_nothing_to_see_is_drawn_without_failing(view: View) -> None:
    assert "<svg" not in draw(view, "en")


@pytest.mark.parametrize("values", [(0.0, 0.0), (-5.0, 3.0), (1e12,), tuple(float(n) for n in range(400))])
def test_any_figures_make_a_chart(values: tuple[float, ...]) -> None:
    for kind in ("bar", "line"):
        html = draw(Series("view.revenue", tuple(map(str, range(len(values)))), values, "EUR", kind), "en")
        assert "chart" in html
        assert "nan" not in html
