"""In which language is an answer? Scripts first; among Latin ones an identifier, and common words where it errs."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator

from models.language import identify
from shop.wording import supported
from tools.base import ToolResult

ENOUGH = 12
"""Letters that an answer must have beside names and numbers, to be in any language at all."""

_SCRIPTS = {
    "zh": r"[\u3400-\u9fff]", "ja": r"[\u3040-\u30ff\u3400-\u9fff]", "ko": r"[\uac00-\ud7af\u1100-\u11ff]",
    "ru": r"[\u0400-\u04ff]", "ar": r"[\u0600-\u06ff\u0750-\u077f]",
}  # fmt: skip
_KANA = re.compile(r"[\u3040-\u30ff]")
_COMMON = {
    "en": "the is of and to your for in it was you this be can are on not with we has by at only",
    "es": "el la de y en su un una para se con por los del que es no pedido al las lo está hasta",
    "pt": "o a de e em seu um uma para se com por os do da que é não encomenda pedido ao as foi até",
    "fr": "le la de et en votre un une pour se avec par les du que est pas commande au des a été vous",
    "de": "der die das und in ihr ein eine für sich mit von ist nicht bestellung zu den wurde wird bis am sie",
    "it": "il la di e in suo un una per si con da i del che è non ordine al le lo stato fino tuo",
    "tr": "ve bir bu için ile sipariş siparişi olarak var en değil de da tarihinde kadar göre size",
}
_WORD = re.compile(r"[^\W\d_]+")


def is_right(answer: str, languages: Collection[str], names: Iterable[str]) -> bool | None:
    """Tell whether an answer is in one of the languages; None where it is made of names and numbers only.

    `names` are texts that stay as they are (titles, what people wrote) and say nothing about the language.
    """
    plain = _without(answer, names)
    letters = sum(char.isalpha() for char in plain)
    dense = any(language in ("zh", "ja", "ko") for language in languages)
    if letters < (ENOUGH // 3 if dense else ENOUGH):
        return None
    return any(_is_in(plain, supported(language)) for language in languages)


def names_in(value: object) -> Iterator[str]:
    """The texts of a result's values or of a message: titles, brands, cities, what somebody wrote."""
    match value:
        case str():
            yield value
        case ToolResult():
            for phrase in value.say:
                yield from (one for one in phrase.values.values() if isinstance(one, str))


def _without(answer: str, names: Iterable[str]) -> str:
    plain = unicodedata.normalize("NFC", answer)
    for name in sorted({unicodedata.normalize("NFC", one) for one in names if len(one) > 2}, key=len, reverse=True):
        if len(name) < 200:  # a description or a rule is itself in the reader's language
            plain = plain.replace(name, " ")
    return plain


def _is_in(plain: str, language: str) -> bool:
    letters = [char for char in plain if char.isalpha()]
    if language in _SCRIPTS:
        own = len(re.findall(_SCRIPTS[language], plain))
        kana = len(_KANA.findall(plain))
        if language == "ja" and not kana or language == "zh" and kana > own * 0.1:
            return False
        return own >= 0.5 * len(letters)
    latin = sum(unicodedata.name(char, "").startswith("LATIN") for char in letters)
    if latin < 0.5 * len(letters):
        return False
    return identify(plain, language).split("-")[0] == language or _by_words(plain) == language


def _by_words(plain: str) -> str | None:
    """The one language with the most common words, or None."""
    words = _WORD.findall(plain.casefold())
    counts = {language: sum(word in common.split() for word in words) for language, common in _COMMON.items()}
    best = max(counts.values())
    leading = [language for language, count in counts.items() if count == best]
    return leading[0] if best and len(leading) == 1 else None
