"""Unknown words are respelt after known ones; other words are left alone."""

import pytest

from retrieval.spelling import Speller

KNOWN = {"backpack": 9, "kettle": 3, "place": 5, "headphones": 4, "wasserkocher": 2, "рюкзак": 3, "litro": 1, "bags": 2}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("bakpack", "backpack"),
        ("Backpcak", "backpack"),
        ("ketle", "kettle"),
        ("hedphonse", "headphones"),
        ("рюкзк", "рюкзак"),
        ("backpack", "backpack"),
        ("plane", "plane"),
        ("litre", "litre"),
        ("bag", "bag"),
        ("BAG-0012", "BAG-0012"),
        ("40L", "40L"),
        ("背包", "背包"),
        ("", ""),
    ],
)
def test_slips_are_corrected_and_words_are_not(written: str, read: str) -> None:
    assert Speller(KNOWN).respell(written) == read
