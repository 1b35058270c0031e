"""Respell query words that no product has, after the words that products do have."""

import re
from collections import defaultdict
from collections.abc import Container, Mapping

from retrieval.words import UNSPACED, fold, is_unit

SHORTEST = 5  # shorter words have too many neighbours
LONG = 6  # below it a letter may be missing, doubled or swapped, but not another one
VERY_LONG = 9  # from here on two edits
_WORD = re.compile(rf"[^\W\d_{UNSPACED}]+")


class Speller:
    """Knows the words of a catalogue, folded but not stemmed, and how many products have each."""

    def __init__(self, found: Mapping[str, int]) -> None:
        self.found = found
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for word in found:
            if len(word) >= SHORTEST:
                self._by_start[word[0]].append(word)

    def respell(self, text: str, also: Container[str] = ()) -> str:
        """Replace each unknown word by its nearest known one, if one is near; the rest, and `also`, stays."""
        return _WORD.sub(lambda word: word.group() if fold(word.group()) in also else self.nearest(word.group()), text)

    def nearest(self, word: str) -> str:
        """Return the nearest known word that starts with the same letter, or the word itself."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        plain = fold(word)
        if len(plain) < SHORTEST or plain in self.found or is_unit(plain):
            return word
        near = process.extract(
            plain,
            self._by_start.get(plain[0], ()),
            scorer=OSA.distance,
            score_cutoff=2 if len(plain) >= VERY_LONG else 1,
            limit=5,
        )
        good = [(edits, -self.found[known], known) for known, edits, _ in near if _is_slip(plain, known)]
        return min(good)[2] if good else word


def words(text: str) -> set[str]:
    """Return the words of a text that a speller should know."""
    return set(_WORD.findall(fold(text)))


def _is_slip(written: str, known: str) -> bool:
    """Tell a slip of the finger from another short word: `ketle` is kettle, `plane` is not place."""
    return len(written) >= LONG or len(written) != len(known) or sorted(written) == sorted(known)
