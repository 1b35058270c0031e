"""Screen a name against a sanctions list in OFAC's file format, whatever the script, order and spelling.

A name is written in Latin letters, folded to one spelling, cut into words, and compared word by word: each word with
the most similar one of the listed name (Winkler's similarity, also of the consonants alone), rare words weighing more.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models import sanctions
from models.sanctions import Entry

THRESHOLD = 0.91  # chosen on the half of the list's names with even numbers: `python -m eval screening`
_ABJAD = re.compile(r"[\u0590-\u06ff]")  # Hebrew and Arabic leave most vowels out
_WIDEST = 8  # words of a listed name that are compared
_UNLIKE = 0.6  # similarity of two words up to which they count as different
_SLIPS = {5: 0.84, 6: 0.92}  # how similar a word of so many letters stays with one slip
_BARE = {2: 0.88, 3: 0.97, 4: 1.0}  # what equal consonants say of a word without vowels, by their number
_SAME = 0.5  # from which they count as the same
_ENOUGH, _COMMON = 1.6, 0.15  # rarest words that are proof enough, and what is taken off without any
_ASKED = 0.8  # how much the words of the name weigh, beside those of the listed name
_FORMS = frozenset((
    "ltd", "limited", "liability", "joint", "stock", "llc", "inc", "incorporated", "corp", "corporation", "company",
    "co", "gmbh", "ag", "sa", "sarl", "srl", "spa", "bv", "nv", "plc", "pte", "pty", "oao", "ooo", "zao", "pao",
    "jsc", "ojsc", "pjsc", "cjsc", "fze", "fzco", "fzc", "kg", "est", "de", "cv", "the", "of", "and", "for", "und",
    "der", "la", "el", "al", "bin", "ibn", "abu", "abd", "mr", "mrs", "dr",
))  # fmt: skip
_ALIKE = (
    ("ph", "f"), ("kh", "h"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("tsch", "č"), ("tch", "č"), ("sch", "š"),
    ("sh", "š"), ("ch", "č"), ("ck", "k"), ("c", "k"), ("q", "k"), ("ks", "x"), ("dzh", "j"), ("zh", "j"),
    ("dj", "j"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ie", "i"), ("eo", "o"), ("eu", "u"), ("yo", "io"),
    ("yu", "iu"), ("ya", "ia"), ("iy", "i"), ("ij", "i"), ("w", "v"), ("y", "i"), ("o", "u"), ("e", "i"),
)  # fmt: skip

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Hit:
    """A listed party with the name that is similar, and how similar it is, 0 to 1."""

    entry: Entry
    name: str
    score: float


@dataclass(frozen=True)
class SanctionsList:
    """A list, ready to be searched. `day` is that of the list's own snapshot."""

    entries: tuple[Entry, ...]
    day: date
    _owner: NDArray[np.int64]
    _name: tuple[str, ...]
    _words: tuple[str, ...]
    _bones: tuple[str, ...]
    _of_name: NDArray[np.int64]
    _weight: Floats
    _whole: tuple[str, ...] = field(default=())

    @classmethod
    def load(cls, path: Path) -> "SanctionsList":
        """Read a CSV (or .csv.gz) with OFAC's columns, with or without a head. Raises BadList."""
        entries, day = sanctions.read(path)
        return cls.of(entries, day)

    @classmethod
    def of(cls, entries: Sequence[Entry], day: date) -> "SanctionsList":
        """Prepare entries: words, their rarity, and the places of each name's words."""
        pairs = [(n, name) for n, entry in enumerate(entries) for name in entry.names if words(name)]
        cut = [words(name)[:_WIDEST] for _, name in pairs]
        often = Counter(word for one in cut for word in {*one})
        vocabulary = tuple(often)
        place = {word: n for n, word in enumerate(vocabulary)}
        of_name = np.full((len(pairs), _WIDEST), -1, dtype=np.int64)
        for n, one in enumerate(cut):
            of_name[n, : len(one)] = [place[word] for word in one]
        rarity = np.log((1 + len(pairs)) / np.array([often[word] for word in vocabulary], dtype=np.float64))
        return cls(
            tuple(entries), day, np.array([n for n, _ in pairs]), tuple(name for _, name in pairs), vocabulary,
            tuple(map(bones, vocabulary)), of_name, np.append(rarity, 0.0).astype(np.float32),
        )  # fmt: skip

    def search(self, name: str, threshold: float = THRESHOLD, most: int = 5) -> list[Hit]:
        """The listed parties whose names are at least so similar, most similar first; each party once."""
        scores = self.scores(name)
        found: dict[int, Hit] = {}
        for n in np.argsort(-scores)[: 20 * most]:
            if scores[n] < threshold:
                break
            owner = int(self._owner[n])
            found.setdefault(owner, Hit(self.entries[owner], self._name[n], float(scores[n])))
        return list(found.values())[:most]

    def best(self, name: str) -> float:
        """The similarity of the most similar listed name."""
        return float(self.scores(name).max(initial=0.0))

    def scores(self, name: str) -> Floats:
        """How similar each listed name is, 0 to 1: the weighted mean over the words of both names.

        Two words of the name cannot both be the same one word of the listed name.
        """
        asked = words(name)[:_WIDEST]
        if not asked or not self._name:
            return np.zeros(len(self._name), dtype=np.float32)
        is_bare = _ABJAD.search(name) is not None
        alike = [_similar(word, self._words, self._bones, is_bare) for word in asked]
        told = np.array([self._rarity(one) for one in alike], dtype=np.float32)
        ours = np.stack([one[self._of_name] for one in alike])  # (asked, names, widest)
        listed, weights = ours.max(axis=0), self._weight[self._of_name]
        by_asked = (ours.max(axis=2) * told[:, None]).sum(axis=0) / told.sum()
        by_listed = (listed * weights).sum(axis=1) / weights.sum(axis=1)
        apart = np.minimum((listed > _SAME).sum(axis=1) / len(asked), 1)
        rare = (listed * weights).sum(axis=1) / (_ENOUGH * self._weight.max())
        both = (_ASKED * by_asked + (1 - _ASKED) * by_listed) * (1 + apart) / 2
        return np.asarray(both - _COMMON * np.maximum(1 - rare, 0), dtype=np.float32)

    def _rarity(self, alike: Floats) -> float:
        """The rarity of the most similar word of the list, or the greatest when none is similar."""
        nearest = int(alike.argmax())
        return float(self._weight[nearest] if alike[nearest] > _SAME else self._weight.max())


@lru_cache(maxsize=512)
def _similar(word: str, vocabulary: tuple[str, ...], skeletons: tuple[str, ...], is_bare: bool) -> Floats:
    """How similar a word is to each of the vocabulary; one written without its vowels, also by consonants."""
    from rapidfuzz.distance import OSA, JaroWinkler
    from rapidfuzz.process import cdist

    by_letters = sum(
        cdist([word], vocabulary, scorer=one, dtype=np.float32)[0] / 2
        for one in (JaroWinkler.similarity, OSA.normalized_similarity)
    )
    bone = bones(word)
    if is_bare and len(bone) > 1:
        by_bones = (
            _BARE[min(len(bone), max(_BARE))]
            * cdist([bone], skeletons, scorer=OSA.normalized_similarity, dtype=np.float32)[0]
        )
        by_letters = np.maximum(by_letters, by_bones)
    alike = np.clip((by_letters - _UNLIKE) / (1 - _UNLIKE), 0, 1)
    if len(word) >= min(_SLIPS):
        slips = cdist([word], vocabulary, scorer=OSA.distance, dtype=np.int32)[0]
        alike = np.where(slips == 1, np.maximum(alike, _SLIPS[min(len(word), max(_SLIPS))]), alike)
    return np.append(alike, 0.0).astype(np.float32)


def words(name: str) -> list[str]:
    """The words of a name in one spelling, without forms of companies and particles; all of them if none is left."""
    plain = re.findall(r"[a-z0-9]+", latin(name))
    kept = [word for word in plain if len(word) > 1 and not _is_form(word)]
    return [fold(word) for word in kept or plain]


@lru_cache(maxsize=100_000)
def _is_form(word: str) -> bool:
    """Whether a word only says what kind of company it is, long ones also with a slip in them."""
    from rapidfuzz.distance import OSA

    folded = fold(word)
    return word in _FORMS or any(OSA.distance(folded, form, score_cutoff=1) <= 1 for form in _LONG_FORMS)


def latin(name: str) -> str:
    """A name in lower-case Latin letters. Han names of two to four characters become family and given name."""
    from anyascii import anyascii

    apart = re.sub(r"\bال[-ـ]?(?=[\u0600-\u06ff]{3,})", "ال ", unicodedata.normalize("NFKC", name))
    apart = re.sub(r"(?<=[\u0600-\u06ff])[وي]", lambda found: "u" if found.group() == "و" else "i", apart)
    joined = re.sub(r"[\u4e00-\u9fff]{2,4}(?![\u4e00-\u9fff])", _han, apart)
    joined = re.sub(r"[\uac00-\ud7a3]{2,4}(?![\uac00-\ud7a3])", _hangul, joined)
    return anyascii(joined).lower().replace("'", "").replace("`", "")


def _han(found: re.Match[str]) -> str:
    from anyascii import anyascii

    family, given = found.group()[0], found.group()[1:]
    return f" {anyascii(family)} {anyascii(given).replace(' ', '')} "


def _hangul(found: re.Match[str]) -> str:
    from anyascii import anyascii

    return " " + " ".join(anyascii(letter) for letter in found.group()) + " "


def fold(word: str) -> str:
    """One spelling for what transliterations spell differently."""
    for many, one in _ALIKE:
        word = word.replace(many, one)
    return re.sub(r"(.)\1+", r"\1", word)


_LONG_FORMS = tuple(fold(form) for form in sorted(_FORMS) if len(form) > 6)


def bones(word: str) -> str:
    """The consonants: what is left when vowels are written differently, or not at all as in Arabic."""
    hard = word.replace("g", "k").replace("p", "b").replace("z", "s").replace("v", "f").replace("j", "g")
    return re.sub(r"[aeiou]|h$", "", hard)
