"""The suggester of customs headings that comes with the shop."""

from pathlib import Path

import numpy as np
import pytest

from finetune import hs as training
from finetune.labelled import BadData, read
from models.card import Card
from models.hs import FOLDER, Headings, shipped
from retrieval.encoder import Encoder


@pytest.fixture(scope="module")
def model(encoder: Encoder) -> Headings:
    return shipped(encoder.encode)


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("wireless bluetooth earphones with charging case", "8518"), ("Baumwoll-T-Shirt für Herren", "6109"),
        ("不锈钢真空保温杯 500毫升", "9617"), ("sac à dos de randonnée 30 litres", "4202"),
    ],
)  # fmt: skip
def test_plain_titles_find_their_heading_in_any_language(model: Headings, title: str, heading: str) -> None:
    assert heading in [one.code for one in model.suggest(title, most=3)]


def test_shares_fall_and_add_up_to_at_most_one(model: Headings) -> None:
    shares = [one.share for one in model.suggest("leather wallet", most=50)]
    assert shares == sorted(shares, reverse=True)
    assert 0.99 < sum(one.share for one in model.suggest("leather wallet", most=2000)) < 1.01


def test_what_is_saved_is_what_was_trained(tmp_path: Path, encoder: Encoder) -> None:
    official = {
        "6109": "T-shirts, singlets and other vests",
        "9617": "Vacuum flasks",
        "4202": "Trunks, suit-cases, bags",
    }
    seen = [one for one in read(training.OURS) if one.label in official and one.part == "train"]
    trained = training.train(seen, official, encoder.encode)
    trained.save(tmp_path)
    again = Headings.load(tmp_path, encoder.encode)
    titles = ["cotton tee", "insulated bottle", "suitcase"]
    assert trained.scores(titles).argmax(axis=1).tolist() == [0, 1, 2]
    assert np.allclose(trained.scores(titles), again.scores(titles), atol=0.05)


def test_a_label_that_is_no_heading_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "titles.csv"
    path.write_text("text,label,part\ncotton tee,61,train\n", encoding="utf-8")
    with pytest.raises(BadData, match="61 is not a heading"):
        training.parts(path, {"6109": "T-shirts"})


def test_no_held_out_title_is_trained_on() -> None:
    examples = read(training.OURS)
    seen = {one.text.casefold() for one in examples if one.part == "train"}
    held = [one for one in examples if one.part == "test"]
    assert len(held) >= 300
    assert [one.text for one in held if one.text.casefold() in seen] == []


def test_the_card_tells_how_good_it_is() -> None:
    metrics = Card.load(FOLDER).metrics
    assert metrics["heading_top5"].value >= 0.75
    assert metrics["chapter"].value > metrics["chapter"].baselines["nearest_title"]
