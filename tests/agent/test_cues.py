import pytest

from agent import cues


@pytest.mark.parametrize(
    ("family", "text", "value"),
    [
        ("period", "上个月卖得最好的是什么", "last_month"), ("group", "Umsatz pro Land", "country"),
        ("reason", "мне малы", "does_not_fit"), ("reason", "the handle is broken", "damaged"),
        ("queue", "¿qué pedidos van con retraso?", "late"), ("orders", "iptal edilen siparişlerim", "cancelled"),
        ("ordinal", "двa? нет, второй", "2"), ("period", "jetzt", None),
    ],
)  # fmt: skip
def test_words_name_values(family: str, text: str, value: str | None) -> None:
    assert cues.find(family, text) == value


def test_short_stems_are_whole_words() -> None:
    assert cues.find("period", "everything") is None


def test_an_ordinal_chooses_among_what_was_listed() -> None:
    assert cues.ordinal("the second one", (7, 8, 9)) == 8
    assert cues.ordinal("el último", (7, 8, 9)) == 9
    assert cues.ordinal("the fourth", (7, 8, 9)) is None


def test_a_ticket_is_answered_only_with_number_and_text() -> None:
    assert cues.ticket_answer("reply to 503: it ships tomorrow", (503,)) == {
        "ticket_id": 503,
        "text": "it ships tomorrow",
    }
    assert cues.ticket_answer("show the open tickets", ()) == {}
