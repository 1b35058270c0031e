"""Cut text into the tokens of the lexical index, the same way for products and for queries."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

LONGEST_TEXT = 4000
LONGEST_TOKEN = 40

_SPECIAL = str.maketrans(
    {"ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
    | {"ى": "ي", "ة": "ه", "ـ": "", "ک": "ك", "ی": "ي", "’": "'", "‐": "-", "‑": "-", "–": "-"}
)
_KEPT_MARKS = {"\u3099", "\u309a"}  # the voiced marks of kana tell letters apart
UNSPACED = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\u0e00-\u0e7f"
_LETTER = rf"[^\W_{UNSPACED}]"
_RUN = re.compile(rf"[{UNSPACED}]+|{_LETTER}+(?:[-./+]{_LETTER}+)*")
_UNSPACED_RUN = re.compile(f"[{UNSPACED}]")
_UNITS = {
    "l": "l liter litre litro litros litri litres liters litrelik л литр литра литров 升 リットル 리터 لتر ليتر",
    "w": "w watt watts ватт вт 瓦 ワット 와트 واط vatio vatios",
    "mah": "mah мач 毫安 毫安时",
    "mm": "mm мм 毫米 ミリ 밀리",
    "cm": "cm см 厘米 センチ 센티 سم",
    "ml": "ml мл 毫升 ミリリットル 밀리리터 مل",
    "kg": "kg кг 公斤 千克 キロ 킬로 كغ كجم kilo kilos",
    "g": "g gr г гр 克 グラム 그램 غرام جرام gram grams grammes gramos grammi gramm",
    "in": "inch inches zoll pouces pulgadas pollici polegadas inc дюйм дюймов дюйма 英寸 寸 インチ 인치 بوصه",
}
_UNIT = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_LONGEST_FIRST = sorted(_UNIT, key=len, reverse=True)
_SPACED_UNIT = "|".join(unit for unit in _LONGEST_FIRST if unit[0] < "\u3000")
_UNSPACED_UNIT = "|".join(unit for unit in _LONGEST_FIRST if unit[0] > "\u3000")
_IS_SIZE = re.compile(rf"\d+(?:p\d+)?(?:{'|'.join(_UNITS)})?")
_WORD_ENDS = rf"(?![^\W{UNSPACED}])"
_SIZE = re.compile(
    rf"(?<![\w.,-])(\d+(?:[.,]\d+)*)[ -]?(?:({_SPACED_UNIT}){_WORD_ENDS}|({_UNSPACED_UNIT})|{_WORD_ENDS})"
    rf"(?![\d.,]*\d)"
)
_PARTS = re.compile(r"[-./+]")
_CODE = re.compile(r"(?<![\w-])([a-z]{2,5}) (\d{3,6})(?![\w.,-])")
_CYRILLIC_END = re.compile(
    "(?:ого|его|ому|ему|ыми|ими|ами|ями|ый|ий|ои|ая|яя|ое|ее|ые|ие|ую|юю|ов|ев|еи|ам|ям|ах|ях|ом|ем|[аеиоуыьэюя])$"
)


def tokens(text: str) -> list[str]:
    """Cut text into index tokens, in order and with repeats.

    Words lose case, accents and light endings; unspaced scripts become characters and pairs of characters;
    codes and sizes stay whole (`BAG-0012` gives `bag0012`, `bag`, `0012`; `40 litros` gives `40l`).
    """
    folded = _SIZE.sub(_size, fold(text[:LONGEST_TEXT]))
    codes = [word + digits for word, digits in _CODE.findall(folded)]
    return [token for run in _RUN.findall(folded) for token in _pieces(run)] + codes


def fold(text: str) -> str:
    """Bring letters that readers take for the same to one form: width, case, accents, digits, alef."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).translate(_FOLDED)


class _Folded(dict[int, str]):
    """Each character's folded form, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        spread = unicodedata.normalize("NFKD", chr(code)).casefold()
        kept = "".join(c for c in spread if c in _KEPT_MARKS or unicodedata.category(c) != "Mn")
        joined = unicodedata.normalize("NFC", kept).translate(_SPECIAL)
        self[code] = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in joined)
        return self[code]


_FOLDED = _Folded()


def is_code(token: str) -> bool:
    """Tell whether a token names one article: letters and digits that are no size, or five digits and more."""
    if len(token) < 4 or token.isalpha():
        return False
    if token.isdigit():
        return len(token) >= 5
    return any(c.isdigit() for c in token) and not _IS_SIZE.fullmatch(token)


def is_spec(token: str) -> bool:
    """Tell whether a token has a digit: a size, a model, a code."""
    return any(c.isdigit() for c in token)


def is_unit(word: str) -> bool:
    """Tell whether a folded word is a unit of measure."""
    return word in _UNIT


def _size(found: re.Match[str]) -> str:
    """Write a number and its unit as one word: `40 litros` → `40l`, `3,5` → `3p5`."""
    number = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", found[1])
    unit = _UNIT.get(found[2] or found[3] or "", "")
    return f"{re.sub('[.,]', 'p', number)}{unit} "


@lru_cache(maxsize=200_000)
def _pieces(run: str) -> tuple[str, ...]:
    """Cut a run of letters of one kind of script."""
    if run.isalpha() and not _UNSPACED_RUN.match(run):
        return (stem(run[:LONGEST_TOKEN]),)
    if _UNSPACED_RUN.match(run):
        return tuple(_unspaced(run))
    parts = _PARTS.split(run)
    whole = ("".join(parts)[:LONGEST_TOKEN],) if len(parts) > 1 else ()
    return (*whole, *(stem(part) for part in parts if len(part) <= LONGEST_TOKEN))


def _unspaced(run: str) -> Iterator[str]:
    """Yield the Han characters and all pairs of neighbours; a run of one stays."""
    yield from (c for c in run if "\u4e00" <= c <= "\u9fff" or len(run) == 1)
    yield from (run[i : i + 2] for i in range(len(run) - 1))


def stem(word: str) -> str:
    """Take off plural and gender endings, lightly; codes and short words stay."""
    if len(word) < 4 or not word.isalpha():
        return word
    if "\u0400" <= word[0] <= "\u04ff":
        cut = _CYRILLIC_END.sub("", word)
        return cut if len(cut) >= 3 else word
    if "\u0600" <= word[0] <= "\u06ff":
        return _arabic(word)
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    cut = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
    return cut[:-1] if len(cut) >= 5 and cut[-1] in "aoe" else cut


def _arabic(word: str) -> str:
    for article in ("وال", "بال", "لل", "ال"):
        if word.startswith(article) and len(word) - len(article) >= 3:
            word = word[len(article) :]
            break
    for ending in ("ات", "ين", "ون", "يه", "ه"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
