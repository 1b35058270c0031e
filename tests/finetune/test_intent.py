"""A recipe on a user's own data, from the command line."""

from pathlib import Path

import pytest

import settings
from finetune import intent
from finetune.__main__ import main
from finetune.labelled import Example
from models import tuned
from models.card import Card
from models.intent import Intent
from retrieval.encoder import load

WISHES = {
    "repair": "my {} is broken, please repair it",
    "sell": "I would like to sell you my old {}",
    "rent": "can I rent a {} for the weekend",
}
THINGS = ["bike", "car", "drill", "boat", "tent", "camera", "piano", "laptop", "mower", "trailer", "skis", "drone"]


def data(folder: Path) -> Path:
    rows = [f'"{words.format(thing)}",{label}' for label, words in WISHES.items() for thing in THINGS]
    (folder / "mine.csv").write_text("text,label\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return folder / "mine.csv"


def test_own_data_trains_an_own_classifier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intent, "PENALTIES", (3.0,))
    monkeypatch.setattr(settings.load(), "cache", tmp_path / "cache")
    own = ["--data", str(data(tmp_path)), "--out", str(tmp_path / "out"), "--epochs", "12"]
    assert main(["intent", *own]) == 0
    model = Intent.load(tmp_path / "out", load().encode, tuned.reader(tmp_path / "out", tmp_path / "cache"))
    scores = model.scores("could you repair the engine of my scooter, it is broken")
    assert max(scores, key=lambda label: scores[label]) == "repair"
    assert Card.load(tmp_path / "out").metrics["accuracy"].value > 0.9


def test_a_broken_file_ends_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.csv").write_text("text,label\nhello,\n", encoding="utf-8")
    assert main(["intent", "--data", str(tmp_path / "bad.csv"), "--out", str(tmp_path / "out")]) == 2
    assert "row 2: needs a text and a label" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_unknown_recipe_shows_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nothing"]) == 2
    assert "usage" in capsys.readouterr().err


def test_the_same_place_in_two_languages_shares_a_number() -> None:
    rows = [Example(text, "greet", code, "train") for code in ("de", "fr") for text in ("a", "b", "c")]
    assert intent.places(rows) == [0, 1, 2, 0, 1, 2]
