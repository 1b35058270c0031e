"""Names against a list: scripts, order, spelling; and lists that do not fit."""

from datetime import date
from pathlib import Path

import pytest

from models.sanctions import BadList
from models.screening import SanctionsList, words
from tests.world import listed

ROW = '{n},"{name}",individual,TEST,-0-,-0-,-0-,-0-,-0-,-0-,-0-,"a.k.a. \'THE FOX\'."\n'


@pytest.mark.parametrize(
    "name",
    ["Arkady Volkodavsky", "ВОЛКОДАВСКИЙ Аркадий Семёнович", "Volkodavskij, Arkadij", "Arkady S. Volkodavski",
     "Golden Heron Shipping", "GOLDEN HERON SHIPING COMPANY LIMITED", "Esteban Quintavale", "مهند القرنفلي"],
)  # fmt: skip
def test_a_variant_is_found(name: str) -> None:
    assert listed().search(name), name


@pytest.mark.parametrize("name", ["Lena Fischer", "Arkady Petrov", "Golden Gate Bakery", "王伟", "", "123", "Ltd."])
def test_others_are_left_alone(name: str) -> None:
    assert listed().search(name) == [], name


def test_words_of_companies_do_not_count() -> None:
    assert words("Golden Heron Shipping Co., Ltd.") == words("GOLDEN HERON SHIPPING COMPANY LIMITED")


def test_a_list_without_a_head_has_names_aliases_and_the_day_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "sdn.csv"
    path.write_text(ROW.format(n=1, name="VOLKODAVSKY, Arkady") + ROW.format(n=2, name="QUINTAVALLE, Esteban") + "\x1a")
    known = SanctionsList.load(path)
    assert [entry.names for entry in known.entries] == [
        ("VOLKODAVSKY, Arkady", "THE FOX"), ("QUINTAVALLE, Esteban", "THE FOX"),
    ]  # fmt: skip
    assert known.day == date.today()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no names"),
        ("1,only two\n", "row 1: has 2 columns"),
        (ROW.format(n="x", name="A B"), "a number and a name"),
    ],
)
def test_a_list_that_does_not_fit_is_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "sdn.csv"
    path.write_text(text)
    with pytest.raises(BadList, match=says):
        SanctionsList.load(path)
