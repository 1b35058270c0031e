"""The tables: every row is right and sourced, a newer file is merged, and a bad one is refused as a whole."""

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from shop.__main__ import main
from shop.customs import Consignment, Item, Parcel, assess, countries, quote, records, refund, update
from shop.customs.records import COLUMNS, BadTable
from shop.errors import ShopError
from shop.money import Money

DAY = date(2026, 11, 2)
HEAD = ",".join(COLUMNS["duties"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(records.FOLDER, tmp_path / "customs", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "customs"


def test_the_shipped_tables_are_right() -> None:
    assert update.check()["countries"] >= 25


def test_every_row_names_its_source_and_a_day_that_has_been() -> None:
    for table in COLUMNS:
        for row in records.rows(table):
            assert len(row["source"]) > 10
            assert date(2009, 1, 1) <= date.fromisoformat(row["as_of"]) <= DAY


def test_every_country_in_a_table_is_a_country_or_a_union() -> None:
    known = set(countries()) | {"EU", "all"}
    for table, column in (("facts", "country"), ("duties", "who"), ("taxes", "country"), ("restrictions", "who")):
        assert {row[column] for row in records.rows(table)} <= known


def test_rates_of_different_length_do_not_say_different_things_of_one_code() -> None:
    spans = Counter((row["who"], row["hs"]) for row in records.rows("duties"))
    assert max(spans.values()) == 1


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_newer_row_replaces_and_an_older_one_does_not(folder: Path, tmp_path: Path) -> None:
    new = write(
        tmp_path / "duties.csv", "EU,6109,11,Official Journal of the day,2026-10-01",
        "EU,9999,1,Official Journal of the day,2026-10-01", "GB,6109,1,Something very old,2001-01-01",
    )  # fmt: skip
    change = update.update(new, folder)
    assert (change.added, change.replaced, change.older) == (1, 1, 1)
    rows = {records.key("duties", row): row["rate"] for row in records.read(folder / "duties.csv", "duties")}
    assert (rows["EU", "6109"], rows["EU", "9999"], rows["GB", "6109"]) == ("11", "1", "12")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("EU,61x9,12,Official Journal,2026-10-01", "row 2: hs “61x9”"),
        ("EU,6109,-1,Official Journal,2026-10-01", "row 2: rate “-1”"),
        ("EU,6109,many,Official Journal,2026-10-01", "row 2: rate “many”"),
        ("EU,6109,12,,2026-10-01", "row 2: source “” must not be empty"),
        ("EU,6109,12,Official Journal,yesterday", "row 2: as_of “yesterday”"),
        ("EU,6109,12,Official Journal", "row 2: it must have 5 cells"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(folder: Path, tmp_path: Path, row: str, said: str) -> None:
    before = (folder / "duties.csv").read_bytes()
    with pytest.raises(BadTable, match=said):
        update.update(write(tmp_path / "duties.csv", row), folder)
    assert (folder / "duties.csv").read_bytes() == before


def test_the_command_checks_and_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["customs", "check"]) == 0
    assert "countries" in capsys.readouterr().out
    assert main(["customs", "update", str(tmp_path / "tariffs.csv")]) == 2
    assert "named like a table" in capsys.readouterr().err
    fine = write(tmp_path / "duties.csv", "EU,6109,12,Official Journal of the day,2026-10-01")
    assert main(["customs", "update", str(fine), "--dry-run"]) == 0


def sent(to: str = "DE", currency: str = "EUR", hs: str | None = "6109.10", quantity: int = 1) -> Consignment:
    money = Money.of(10, currency)
    return Consignment("CN", to, (Item(money, quantity, hs),), money, money, DAY)


@pytest.mark.parametrize(
    ("bad", "key"),
    [
        (sent(to="XX"), "error.country_rules"), (sent(hs="61"), "error.hs_code"), (sent(hs="abcd"), "error.hs_code"),
        (sent(hs="６１０９"), "error.hs_code"), (sent(quantity=0), "error.quantity"),
        (sent(currency="KZT"), "error.currency_unknown"),
    ],
)  # fmt: skip
def test_what_cannot_be_assessed_is_one_sentence(bad: Consignment, key: str) -> None:
    with pytest.raises(ShopError) as caught:
        assess(bad)
    assert caught.value.key == key


def test_nothing_weighs_nothing() -> None:
    with pytest.raises(ShopError) as caught:
        quote("CN", "DE", Parcel(0, 0, 0, 0), "air", "EUR", DAY)
    assert caught.value.key == "error.weight"


def test_more_than_was_bought_does_not_come_back() -> None:
    with pytest.raises(ShopError):
        refund(sent(), assess(sent()), {0: 2})
