from pathlib import Path

from models.card import Card, Metric

CARD = Card(
    name="A model",
    task="Tells things.",
    data="our messages",
    licence="MIT",
    split="by part",
    seed=7,
    recipe={"C": 3.0},
    metrics={"accuracy": Metric(0.8, 0.7, 0.9, 100, {"plain": 0.6}), "oos_recall": Metric(0.5, 0.4, 0.6, 10)},
    commit="abc1234",
)


def test_a_card_survives_the_disk(tmp_path: Path) -> None:
    CARD.save(tmp_path)
    assert Card.load(tmp_path) == CARD


def test_the_page_shows_each_metric_beside_its_baseline() -> None:
    page = CARD.markdown()
    assert "| accuracy | 0.800 | 0.700–0.900 | 100 | plain 0.600 |" in page
    assert "| oos_recall | 0.500 | 0.400–0.600 | 10 | – |" in page
