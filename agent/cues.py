"""Words that name an argument's value, in the shop's languages: `cues.yaml` holds the stems.

Used where no language model fills the arguments, and to correct one that overlooked a plain word.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

import yaml

_FILE = Path(__file__).parent / "cues.yaml"
_QUOTED = re.compile(r"[«“„「『\"《](.+)[»”“」』\"》]", re.DOTALL)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")  # scripts that write without spaces
_SHORT = 3  # stems of an alphabet up to this length must be whole words; one letter more in Latin script


def find(family: str, text: str) -> str | None:
    """The value of a family (period, group, queue, orders, reason …) whose longest stem stands in a text."""
    plain = _plain(text)
    best: tuple[int, str] | None = None
    for value, stems in _stems()[family].items():
        longest = max((len(stem) for stem in stems if _has(stem, plain)), default=0)
        if longest and (best is None or longest > best[0]):
            best = longest, value
    return best[1] if best else None


def ordinal(text: str, ids: Sequence[int]) -> int | None:
    """The id that "the second one" means among those listed last; a single or unmentioned one is the first."""
    if not ids:
        return None
    value = find("ordinal", text)
    if value == "last":
        return ids[-1]
    place = int(value) if value else 1
    return ids[place - 1] if place <= len(ids) else None


def quoted(text: str) -> str:
    """What stands in quotation marks, or nothing."""
    found = _QUOTED.search(text)
    return found.group(1).strip() if found else ""


def party(text: str) -> str:
    """The name that is to be screened: quoted, behind a colon, or what is left without the words around it."""
    if said := quoted(text):
        return said
    behind = re.search(r"[:：]\s*(\S.*)", text)
    plain = unicodedata.normalize("NFKC", behind.group(1) if behind else text)
    stems = sorted(_stems()["screen"]["words"], key=len, reverse=True)
    spaced = tuple(stem for stem in stems if not _UNSPACED.match(stem))
    kept = [word for word in re.findall(r"[^\s,.?!;¿¡؟。？！]+", plain) if not _plain(word).startswith(spaced)]
    rest = " ".join(kept)
    for stem in stems:
        rest = rest if stem in spaced else rest.replace(stem, " ")
    runs: list[list[str]] = [
        [*run] for is_name, run in groupby(rest.split(), key=lambda word: word[:1].isupper()) if is_name
    ]
    return " ".join(sorted(runs, key=len)[-1]) if runs else " ".join(rest.split())


def ticket_answer(text: str, tickets: Sequence[int]) -> dict[str, object]:
    """Read "reply to 812: it ships tomorrow"; without a number and a colon the open tickets are listed."""
    head, colon, tail = text.replace("：", ":").partition(":")
    named = [ticket for ticket in tickets if str(ticket) in (head if colon else text)]
    words = quoted(text) or (tail if colon else "")
    return {"ticket_id": named[0], "text": words.strip()} if named and words.strip() else {}


@cache
def _stems() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    with _FILE.open(encoding="utf-8") as file:
        families = yaml.load(file, yaml.CSafeLoader)
    return {
        family: {str(value): tuple(_plain(stem) for stem in stems) for value, stems in values.items()}
        for family, values in families.items()
    }


def _has(stem: str, plain: str) -> bool:
    """A long stem may begin a word; a short one must be a word; scripts without spaces need neither."""
    if any("\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" for char in stem):
        return stem in plain
    end = r"(?!\w)" if len(stem) <= _SHORT + stem.isascii() else ""
    return re.search(rf"(?<!\w){re.escape(stem)}{end}", plain) is not None


def _plain(text: str) -> str:
    """Casefolded, accents off, single-spaced."""
    split = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(char for char in split if unicodedata.category(char) != "Mn" or char >= "\u3040")
    return " ".join(unicodedata.normalize("NFC", bare).split())
