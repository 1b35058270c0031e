"""The shipped classifier, with the real encoder, and the features that it reads."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import settings
from models import tuned
from models.card import Card
from models.intent import BUCKETS, LABELS, REPLIES, TOOLS, WEIGHTS, Intent, best, buckets, hashed, plain, shape
from retrieval.encoder import load

SHIPPED = Path("weights/intent")


@pytest.fixture(scope="module")
def intent() -> Intent:
    return Intent.load(SHIPPED, load().encode, tuned.reader(SHIPPED, settings.load().cache))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("where is my parcel", "track_order"),
        ("HT100000103CN", "track_order"),
        ("取消订单1004", "cancel_order"),
        ("我要转人工", "call_human"),
        ("quiero devolver los zapatos, no me quedan", "return_order"),
        ("meus pedidos", "my_orders"),
        ("quels moyens de paiement acceptez-vous ?", "find_policy"),
        ("vergleiche die ersten beiden", "compare_products"),
        ("il secondo", "show_product"),
        ("先月一番売れたのは", "sales_summary"),
        ("재고 적은 상품 보여줘", "low_stock"),
        ("какие заказы надо отправить сегодня", "order_queue"),
        ("رد على التذكرة 503: طردك يخرج غدا", "answer_ticket"),
        ("daha ucuzlar", "search_products"),
        ("change the delivery address of order 1004", "change_address"),
        ("hello", "reply:greeting"),
        ("vielen Dank", "reply:thanks"),
        ("arrivederci", "reply:goodbye"),
        ("what can you do", "reply:capabilities"),
        ("tell me a joke", "reply:out_of_scope"),
        ("🤔", "reply:clarify"),
    ],
)
def test_a_plain_wish_is_understood(intent: Intent, text: str, label: str) -> None:
    assert best(intent.scores(text), LABELS)[0] == label


@pytest.mark.parametrize("text", ["", "   ", "🙂" * 50, "\x00\x07", "a" * 100_000, "1" * 5_000, "؟!?…"])
def test_any_text_gets_probabilities(intent: Intent, text: str) -> None:
    scores = intent.scores(text)
    assert set(scores) == set(LABELS)
    assert sum(scores.values()) == pytest.approx(1, abs=1e-4)


def test_nothing_but_silence_asks_what_is_meant(intent: Intent) -> None:
    assert best(intent.scores(""), LABELS)[0] == "reply:clarify"


def test_only_what_is_offered_is_ranked() -> None:
    scores = {"cancel_order": 0.6, "find_policy": 0.3, "order_queue": 0.1}
    assert best(scores, ["order_queue", "find_policy", "low_stock"]) == ["find_policy", "order_queue", "low_stock"]


def test_labels_are_tools_and_replies() -> None:
    assert len(set(LABELS)) == len(TOOLS) + len(REPLIES)


def test_a_code_counts_by_its_kind() -> None:
    assert shape("BAG-0012") == shape("hom-0031")
    assert shape("Where is HT100000103CN") == shape("where is ht100000213mx")
    assert shape("order 1003") != shape("order 503")


def test_values_have_unit_length() -> None:
    found, values = hashed("where is my parcel", np.ones(BUCKETS, dtype=np.float32))
    assert len(found) == len(buckets("where is my parcel"))
    assert float(values @ values) == pytest.approx(1)


def test_weights_survive_the_disk(tmp_path: Path) -> None:
    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.full((len(texts), 4), 0.5, dtype=np.float32)

    random = np.random.default_rng(7)
    weights, head = (random.normal(size=(n, 2)).astype(np.float16).astype(np.float32) for n in (4 + BUCKETS, 4))
    none, ones = np.zeros(2, dtype=np.float32), np.ones(BUCKETS, dtype=np.float32)
    made = Intent(("a", "b"), weights, none, ones, head, none, 1.5, 1.2, encode, encode)
    made.save(tmp_path)
    assert Intent.load(tmp_path, encode, encode).scores("hello") == pytest.approx(made.scores("hello"))


def test_the_weights_are_small_and_have_a_card_that_beats_the_baseline() -> None:
    card = Card.load(SHIPPED)
    assert (SHIPPED / WEIGHTS).stat().st_size < 2_000_000
    assert card.metrics["accuracy"].low > card.metrics["accuracy"].baselines["tfidf_svm"]


def test_the_baseline_learns() -> None:
    texts = ["cancel my order", "please cancel it", "where is my parcel", "where is it now"]
    model = plain(seed=7).fit(texts, ["cancel", "cancel", "track", "track"])
    assert list(model.predict(["cancel this", "where now"])) == ["cancel", "track"]
