"""Importing: files of Shopify and our own come in clean, and broken ones not at all."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.__main__ import main
from shop.database import Database
from shop.importing.cleaning import moment, plain, price
from shop.importing.report import RowRefused
from shop.tables import Order, Payment, Product, User
from tests.shop import small

SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Grams,Variant Inventory Qty,Variant Price,Image Src,Status\n"
    'parka,  Warm   Parka ,"<p>For&nbsp;<b>winter</b></p><script>x()</script>",Fjell,Apparel > Clothing,'
    "Coats,true,Size,S,PK-S,900,4,199.00,a.jpg,active\n"
    "parka,,,,,,,,M,PK-M,950,5,199.00,,\n"
    "parka,,,,,,,,,,,,,b.jpg,\n"
    "mug,Mug,,,Tableware,,true,Title,Default Title,MUG,300,1,12.00,,active\n"
)
OURS = "sku;title;brand;category;price;stock;weight_g\n"
ORDERS = (
    "Name,Email,Financial Status,Fulfillment Status,Fulfilled at,Currency,Subtotal,Shipping,Taxes,Total,"
    "Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping Name,Shipping Address1,"
    "Shipping City,Shipping Zip,Shipping Country,Cancelled at,Payment Method\n"
    "#1,Eve@x.org,paid,fulfilled,2026-10-05 10:00:00 +0200,USD,150.00,5.00,10.00,165.00,"
    "2026-10-01 09:00:00 +0200,1,Jacket,130.00,NL-1,Eve X,1 Road,Boston,'02101,US,,card\n"
    "#1,Eve@x.org,,,,,,,,,,2,Socks,10.00,NL-2,,,,,,,\n"
    "#2,bob@small.shop,paid,,,EUR,9.90,0,0,9.90,2026-10-02 09:00:00,"
    "1,Socks,9.90,NL-2,Bob,2 Weg,Ulm,89073,DE,,card\n"
    "#3,eve@x.org,paid,,,USD,9.90,0,0,9.90,2026-10-02 09:00:00,"
    "1,What,9.90,XX-9,Eve,1 Road,Boston,02101,US,,card\n"
)

Bring = Callable[..., tuple[int, str, str]]


@pytest.fixture
def bring(database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Bring:
    """Write a file and import it; returns exit code, standard output and standard error."""

    def bring(
        what: str, text: str | bytes, *options: str, name: str = "goods.csv", shop: str = "nordlys"
    ) -> tuple[int, str, str]:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        url = database.engine.url.render_as_string(hide_password=False)
        code = main(["--database", url, "import", what, str(path), "--shop", shop, *options])
        said = capsys.readouterr()
        return code, said.out, said.err

    return bring


def product(db: Session, sku: str) -> Product | None:
    return db.scalar(select(Product).where(Product.sku == sku))


def test_shopifys_variants_become_products(bring: Bring, db: Session) -> None:
    code, said, _ = bring("products", SHOPIFY)
    assert code == 0
    assert "row 5: refused: “Tableware” is no category of ours" in said
    parka = product(db, "PK-M")
    assert parka is not None
    assert (parka.title("en"), parka.description("en")) == ("Warm Parka – M", "For winter")
    assert (parka.brand, parka.category, parka.minor, parka.weight_g) == ("Fjell", "clothing", 19900, 950)
    assert (parka.attributes, parka.stock[0].on_hand) == ({"size": "M"}, 5)
    assert product(db, "MUG") is None


def test_a_default_category_takes_what_has_none(bring: Bring, db: Session) -> None:
    bring("products", SHOPIFY, "--category", "home")
    mug = product(db, "MUG")
    assert mug is not None
    assert mug.category == "home"


def test_gaps_are_filled_and_reported(bring: Bring, db: Session) -> None:
    _, said, _ = bring("products", OURS + "A;Blanket;;home;12,50;;\n")
    assert "row 2: filled: description from the title, brand Nordlys, weight 500, stock 0 or as before" in said
    blanket = product(db, "A")
    assert blanket is not None
    assert (blanket.minor, blanket.weight_g) == (1250, 500)


def test_importing_again_updates(bring: Bring, db: Session) -> None:
    bring("products", OURS + "A;Blanket;B;home;12.50;3;100\n")
    _, said, _ = bring("products", OURS + "A;Blanket;B;home;15.00;;100\n")
    assert "1 updated" in said
    blanket = product(db, "A")
    assert blanket is not None
    assert (blanket.minor, blanket.stock[0].on_hand) == (1500, 3)


def test_duplicates_are_dropped_and_sizes_kept(bring: Bring, db: Session) -> None:
    rows = (
        "A;Wireless Headphones Black;Son;electronics;50.00;1;1\n"
        "B; wireless  HEADPHONES black;son;electronics;50.00;1;1\n"
        "C;Wireless Headphnes Black;Son;electronics;50.20;1;1\n"
        "D;Wireless Headphones White;Son;electronics;50.00;1;1\n"
        "E;Wireless Headphones Black;Other;electronics;50.00;1;1\n"
        "F;Shirt Blue 40;Son;clothing;50.00;1;1\n"
        "G;Shirt Blue 41;Son;clothing;50.00;1;1\n"
        "a;Another thing;Son;home;9.00;1;1\n"
    )
    _, said, _ = bring("products", OURS + rows)
    assert "row 3: duplicate: repeats row 2: the same title and price" in said
    assert "row 4: duplicate: repeats row 2: nearly the same title" in said
    assert "row 9: duplicate: repeats row 2: the same SKU" in said
    assert [sku for sku in "ABCDEFG" if product(db, sku)] == ["A", "D", "E", "F", "G"]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ("A;;B;home;1;1;1", "there is no title"),
        ("A;Mat;B;home;free;1;1", "“free” is not a price"),
        ("A;Mat;B;home;-3;1;1", "the price -3 is not between"),
        ("A;Mat;B;home;0;1;1", "the price 0 is not between"),
        ("A;Mat;B;spaceships;1;1;1", "“spaceships” is no category of ours"),
        (f"{'A' * 41};Mat;B;home;1;1;1", "the SKU has 41 characters; 40 fit"),
    ],
)
def test_a_row_that_cannot_be_sold_is_refused_with_the_reason(bring: Bring, db: Session, cells: str, why: str) -> None:
    code, said, _ = bring("products", f"{OURS}{cells}\nZ;Good mat;B;home;2;1;1\n")
    assert code == 0
    assert f"row 2: refused: {why}" in said
    assert product(db, "Z") is not None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "goods.csv: the file is empty"),
        (b"sku;name\n", "goods.csv, row 1: there is no column “title”"),
        (OURS + "A;Mat;B;home;1;1;1\nB;Mat\n", "goods.csv, row 3: there are 2 cells under 7 headings."),
        (OURS.encode() + b"A;M\xe4t;B;home;1;1;1\n", "goods.csv, row 2: the file is not in UTF-8"),
        (b"\x89PNG\x00\x00", "goods.csv, row 1: the file is not in UTF-8"),
        (OURS + "A;M\x00at;B;home;1;1;1\n", "goods.csv, row 2: this is not text."),
        (OURS + 'A;"Mat;B;home;1;1;1\n', "goods.csv, row 2: the row is not CSV"),
    ],
)
def test_a_broken_file_is_one_sentence_and_nothing_is_written(
    bring: Bring, db: Session, text: str | bytes, sentence: str
) -> None:
    before = db.scalar(select(func.count()).select_from(Product))
    code, said, problem = bring("products", text)
    assert (code, said) == (2, "")
    assert problem.startswith(sentence)
    assert problem.count("\n") == 1
    assert db.scalar(select(func.count()).select_from(Product)) == before


def test_a_missing_file_an_unknown_shop_and_category(
    bring: Bring, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bring("products", OURS, shop="mars")[2].startswith("goods.csv: there is no shop “mars”")
    assert bring("products", OURS, "--category", "x")[2].startswith("goods.csv: --category x is not one of")
    url = database.engine.url.render_as_string(hide_password=False)
    assert main(["--database", url, "import", "orders", "/no/such.csv", "--shop", "nordlys"]) == 2
    assert "such.csv: the file cannot be read" in capsys.readouterr().err


def test_a_dry_run_reports_and_writes_nothing(bring: Bring, db: Session) -> None:
    _, said, _ = bring("products", OURS + "A;Mat;B;home;1;1;1\n", "--dry-run")
    assert "1 added" in said
    assert product(db, "A") is None


def test_shopifys_orders_come_in_whole(bring: Bring, db: Session) -> None:
    code, said, _ = bring("orders", ORDERS)
    assert code == 0
    assert "row 5: refused: the shop has no product with SKU XX-9" in said
    order = db.scalar(select(Order).where(Order.reference == "#1"))
    assert order is not None
    assert (order.status, order.currency, order.total.minor) == ("delivered", "USD", 16500)
    assert (order.goods_minor, order.freight_minor, order.tax_minor) == (15000, 500, 1000)
    assert order.placed_at == datetime(2026, 10, 1, 7, tzinfo=UTC)
    assert (order.name, order.postal_code, order.buyer.email) == ("Eve X", "02101", "eve@x.org")
    assert [(i.product_id, i.quantity) for i in order.items] == [(small.JACKET, 1), (small.SOCKS, 2)]
    assert db.scalar(select(Payment.status).where(Payment.order_id == order.id)) == "captured"


def test_a_known_buyer_is_known_and_an_order_comes_once(bring: Bring, db: Session) -> None:
    bring("orders", ORDERS)
    _, said, _ = bring("orders", ORDERS)
    assert "row 2: duplicate: order #1 is in the shop already" in said
    bobs = db.scalar(select(Order).where(Order.reference == "#2"))
    assert bobs is not None
    assert (bobs.buyer_id, bobs.status) == (small.BOB, "paid")
    assert bobs.placed_at == datetime(2026, 10, 2, 7, tzinfo=UTC)  # nine o'clock in Berlin
    assert db.scalar(select(func.count()).select_from(User).where(User.email == "eve@x.org")) == 1


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1234.50", 123450), ("1.234,50", 123450), ("1,234.50", 123450), ("€ 12,5", 1250), ("12,50 €", 1250),
        ("1 234,50", 123450), ("1\u00a0234", 123400), ("1'234.50", 123450), ("1,234", 123400), ("0.500", 50),
        ("1.234.567", 123456700), ("７.９９", 799), ("EUR 3", 300),
    ],
)  # fmt: skip
def test_a_price_is_read_with_either_decimal_sign(text: str, minor: int) -> None:
    assert price(text, "EUR").minor == minor


@pytest.mark.parametrize("text", ["", "free", "1-2", "12 or 13", "1e9", "99999999999"])
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(RowRefused):
        price(text, "EUR")


def test_text_and_moments_are_cleaned() -> None:
    assert plain("<ul><li>A&amp;B</li><li>C</li></ul><style>p{}</style>\n D") == "A&B C D"
    assert moment("2026-03-01 10:00:00 +0100", ZoneInfo("UTC")) == datetime(2026, 3, 1, 9, tzinfo=UTC)
    with pytest.raises(RowRefused):
        moment("yesterday", ZoneInfo("UTC"))
