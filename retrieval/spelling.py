"""Respell query words that no product has, after the words that products do have."""

import re
from collections import defaultdict
from collections.abc import Mapping

from retrieval.words import fold, stem

SHORTEST = 5  # shorter words have too many neighbours
_WORD = re.compile(r"[^\W\d_]+")


class Speller:
    """Knows the spaced-script words of a catalogue and how many products have each."""

    def __init__(self, found: Mapping[str, int]) -> None:
        self._found = found
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for word in found:
            if len(word) >= SHORTEST - 1 and word.isalpha() and word[0] < "\u0e00":
                self._by_start[word[0]].append(word)

    def respell(self, text: str) -> str:
        """Replace each unknown word by its nearest known one, if one is near; the rest stays as it is."""
        return _WORD.sub(lambda word: self.nearest(word.group()), text)

    def nearest(self, word: str) -> str:
        """Return the known word within one edit (two from eight letters on), the commonest of the nearest."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        plain = stem(fold(word))
        if len(word) < SHORTEST or plain in self._found:
            return word
        edits = 2 if len(plain) >= 8 else 1
        near = process.extract(
            plain, self._by_start.get(plain[0], ()), scorer=OSA.distance, score_cutoff=edits, limit=5
        )
        if not near:
            return word
        return str(min(near, key=lambda match: (match[1], -self._found[match[0]]))[0])
