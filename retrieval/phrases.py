"""The word lists of `words.yaml`, as regular expressions over folded text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from retrieval.words import UNSPACED, fold

# Stand-ins in a text for what was found there, each as long as what it stands for.
PRICED, BARE, MORE, GONE = "\ue000", "\ue001", "\ue002", "\x00"
_M, _C, _X = f"[{PRICED}{BARE}]{MORE}*", f"{PRICED}{MORE}*", "X"

STARTS = rf"(?:(?=[{UNSPACED}])|(?<![^\W{UNSPACED}]))"
ENDS = rf"(?:(?<=[{UNSPACED}])|(?![^\W{UNSPACED}]))"
_ARTICLE = r"(?:(?:an?|the|any|el|la|le|les|los|las|un|una|une|de|di|del|d'|l'|eine?n?|der|die|das)\s+)?"
_WORD = rf"{_ARTICLE}([^\W\d_{UNSPACED}][\w-]*)"
_UNWANTED = {
    "zh": rf"([{UNSPACED}]+?)(?=的|[^{UNSPACED}]|$)",
    "ja": "([\u4e00-\u9fff々]+|[\u30a0-\u30ff]+)",
    "ko": "([\uac00-\ud7a3]+?)(?:이|가|은|는|을|를)?",
}


@dataclass(frozen=True, slots=True)
class Phrases:
    """Everything that `understand` looks for."""

    between: re.Pattern[str]
    most: re.Pattern[str]
    least: re.Pattern[str]
    sort: dict[str, re.Pattern[str]]
    in_stock: re.Pattern[str]
    unwanted: tuple[re.Pattern[str], ...]
    not_meant: re.Pattern[str]
    filler: re.Pattern[str]
    small: re.Pattern[str]
    colour: dict[str, re.Pattern[str]]
    category: dict[str, re.Pattern[str]]


@cache
def load() -> Phrases:
    """Read and compile the word lists, once."""
    data = raw()
    lead = f"(?:{STARTS}{_joined([data['lead']])}{ENDS}\\s+)*"
    trail = rf"(?:\s*{_joined([data['trail']])}{ENDS})?"

    def beside(texts: Iterable[str]) -> re.Pattern[str]:
        return re.compile(lead + STARTS + _joined(texts) + ENDS + trail)

    def plain(text: str) -> re.Pattern[str]:
        return re.compile(STARTS + _joined([text]) + ENDS)

    return Phrases(
        between=beside(data["between"].values()),
        most=beside(data["max"].values()),
        least=beside(data["min"].values()),
        sort={name: beside([text]) for name, text in data["sort"].items()},
        in_stock=beside(data["in_stock"].values()),
        unwanted=tuple(_unwanted(language, text) for language, text in data["not"].items()),
        not_meant=plain(data["not_meant"]),
        filler=re.compile(STARTS + _joined(data["filler"].values()) + ENDS),
        small=plain(data["lead"] + ";" + data["trail"]),
        colour={name: plain(text) for name, text in data["colour"].items()},
        category={name: plain(text) for name, text in data["category"].items()},
    )


@cache
def raw() -> dict[str, Any]:
    """Read `words.yaml`."""
    return dict(yaml.safe_load(files("retrieval").joinpath("words.yaml").read_text("utf-8")))


def expression(phrase: str) -> str:
    """Turn one phrase of the word lists into a regular expression over folded text."""
    marked = phrase.strip().replace("M", BARE).replace("C", PRICED).replace("X", GONE)
    folded = re.sub(rf" \?| (?=[{BARE}{PRICED}])|(?<=[{BARE}{PRICED}]) ", r"\\s*", fold(marked))
    folded = re.sub(r"\((?!\?)", "(?:", folded).replace(" ", r"\s+").replace("~", r"[^\W\d_]*")
    return folded.replace(BARE, _M).replace(PRICED, _C).replace(GONE, _X)


def listed(text: str) -> list[str]:
    """Part a word list, the longest phrase first."""
    phrases = (part.strip() for part in text.split(";"))
    return sorted({expression(phrase) for phrase in phrases if phrase}, key=lambda p: (-len(p), p))


def _joined(texts: Iterable[str]) -> str:
    return "(?:" + "|".join(listed(";".join(texts))) + ")"


def _unwanted(language: str, text: str) -> re.Pattern[str]:
    word = _UNWANTED.get(language, _WORD)
    parts = [part.replace(_X, word) for part in listed(text)]
    return re.compile("|".join(f"{STARTS}(?:{part}){ENDS}" for part in parts))
