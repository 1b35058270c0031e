"""Are written variants of listed names found, and ordinary people left alone?

`python -m eval screening --data LIST`: a list in OFAC's file format. Variants are made of sampled names by rules
(another script, order, spelling, typing slip, part left out); ordinary names are put together from the demo's names
of sixteen countries. Names with even numbers chose the threshold; those with odd numbers are measured.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from eval.report import Metric, Report, measure
from models.sanctions import BadList, Entry
from models.screening import THRESHOLD, SanctionsList, words
from shop.demo.scene import read

PROBLEM = 2
SEED = 12
SAMPLED = 140  # listed parties that variants are written of
ORDINARY = 5_000
_CYRILLIC = {
    "shch": "щ", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш", "yu": "ю", "ya": "я", "a": "а", "b": "б",
    "v": "в", "w": "в", "g": "г", "d": "д", "e": "е", "z": "з", "i": "и", "y": "й", "k": "к", "c": "к", "q": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "r": "р", "s": "с", "t": "т", "u": "у", "f": "ф", "h": "х",
    "x": "кс", "j": "дж",
}  # fmt: skip
_ARABIC = {
    "a": "ا", "e": "ا", "sh": "ش", "kh": "خ", "gh": "غ", "th": "ث", "dh": "ذ", "aa": "ا", "b": "ب", "t": "ت",
    "j": "ج", "h": "ح", "d": "د", "r": "ر", "z": "ز", "s": "س", "f": "ف", "q": "ق", "k": "ك", "l": "ل", "m": "م",
    "n": "ن", "w": "و", "y": "ي", "o": "و", "u": "و", "i": "ي", "g": "ج", "p": "ب", "v": "ف", "c": "ك", "x": "كس",
}  # fmt: skip
_SPELT = (
    ("ou", "u"), ("ph", "f"), ("kh", "h"), ("k", "c"), ("y", "i"), ("ee", "i"), ("oo", "u"), ("j", "dj"),
    ("q", "k"), ("mm", "m"), ("ss", "s"), ("w", "v"), ("zh", "j"), ("ei", "ey"), ("iy", "y"), ("u", "o"),
    ("e", "i"),
)  # fmt: skip
_MARKS = {"a": "á", "e": "é", "o": "ö", "u": "ü", "i": "í", "c": "ç", "n": "ñ", "s": "š"}
_FORMS = ((r"\bLTD\.?\b", "Limited"), (r"\bLIMITED\b", "Ltd"), (r"\bCO\.?\b", "Company"), (r"\bCOMPANY\b", "Co."),
          (r"\bLLC\b", "L.L.C."), (r"\bCORPORATION\b", "Corp."), (r"\bINC\.?\b", "Incorporated"))  # fmt: skip

Random = np.random.Generator
Rule = Callable[[Entry, Random], str | None]


def run(arguments: Sequence[str]) -> int:
    """Measure and print; 2 when the list is bad."""
    parser = argparse.ArgumentParser("python -m eval screening", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the list: CSV or CSV.GZ with OFAC's columns")
    parser.add_argument("--dev", action="store_true", help="measure the names that chose the threshold")
    parser.add_argument("--ordinary", type=int, default=ORDINARY)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    try:
        report = measured(given)
    except BadList as problem:
        print(problem, file=sys.stderr)
        return PROBLEM
    report.show(as_json=given.json)
    return 0


def measured(given: argparse.Namespace) -> Report:
    """Recall of the variants by rule, and how many ordinary names are flagged, beside comparing exact words."""
    begun = time.monotonic()
    listed = SanctionsList.load(given.data)
    random = np.random.default_rng(SEED)
    half = [one for one in listed.entries if one.number % 2 == (0 if given.dev else 1)]
    found: dict[str, list[list[float]]] = {}
    scored: list[float] = []
    for entry, rule, text in variants(half, random):
        hits = listed.search(text, 0.0 if given.dev else THRESHOLD, most=10)
        score = max((hit.score for hit in hits if hit.entry.number == entry.number), default=0.0)
        scored.append(score)
        found.setdefault(rule, []).append([float(score >= THRESHOLD)])
        if given.dev and not found[rule][-1][0]:
            print(f"{rule}: {entry.names[0]} as {text}: {listed.best(text):.3f}", flush=True)
    people = ordinary(given.ordinary, random)
    best = [listed.best(name) for name in people]
    exact = {tuple(sorted(words(name))) for entry in listed.entries for name in entry.names}
    plain = float(np.mean([tuple(sorted(words(name))) in exact for name in people]))
    flagged = measure([[float(score >= THRESHOLD)] for score in best])
    everything = measure([one for group in found.values() for one in group])
    assert flagged is not None and everything is not None
    metrics: dict[str, Metric] = {"recall": everything}
    metrics["flagged"] = Metric(flagged.value, flagged.n, flagged.low, flagged.high, {"same_words": plain})
    metrics |= {f"recall/{rule}": one for rule, group in found.items() if (one := measure(group)) is not None}
    by = {f"{at:.2f}": [round(float(np.mean(np.array(one) >= at)), 4) for one in (scored, best)]
          for at in np.arange(0.6, 0.96, 0.02)}  # fmt: skip
    extra = {"list_of": str(listed.day), "threshold": THRESHOLD, "recall_and_flagged_by_threshold": by}
    return Report("screening", f"{given.data.name} of {listed.day}", time.monotonic() - begun, metrics, extra)


def variants(entries: Sequence[Entry], random: Random) -> Iterator[tuple[Entry, str, str]]:
    """Write each sampled name in every way that a rule gives for it."""
    named = [one for one in entries if one.kind in ("individual", "organisation") and len(words(one.names[0])) >= 2]
    for n in random.choice(len(named), min(SAMPLED, len(named)), replace=False):
        for name, rule in RULES.items():
            text = rule(named[int(n)], random)
            if text and text != named[int(n)].names[0]:
                yield named[int(n)], name, text


def ordinary(n: int, random: Random) -> list[str]:
    """Names of people who do not exist, as their countries write them or in Latin letters."""
    lists = list(read("names.yaml").values())
    made = []
    for _ in range(n):
        names = lists[int(random.integers(len(lists)))]
        parts = [str(random.choice(names[part])).partition("=") for part in ("given", "family")]  # type: ignore[call-overload]
        is_native = random.random() < 0.5
        made.append(" ".join(part[0] if is_native or not part[2] else part[2] for part in parts))
    return made


def _person(entry: Entry) -> list[str] | None:
    """Given names first, family name last."""
    family, comma, given = entry.names[0].partition(", ")
    return [*given.title().split(), family.title()] if comma and entry.kind == "individual" else None


def _reordered(entry: Entry, _: Random) -> str | None:
    person = _person(entry)
    return " ".join(person) if person else None


def _first_and_last(entry: Entry, _: Random) -> str | None:
    person = _person(entry)
    return f"{person[0]} {person[-1]}" if person and len(person) > 2 else None


def _typed(entry: Entry, random: Random) -> str | None:
    """One slip in the longest word: two letters swapped, one dropped, one doubled, or one hit beside."""
    name = _plain(entry)
    word = max(name.split(), key=len)
    if len(word) < 5:
        return None
    at = int(random.integers(1, len(word) - 2))
    slips = (word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :],
             word[: at + 1] + word[at:], word[:at] + "aeioustrn"[int(random.integers(9))] + word[at + 1 :])  # fmt: skip
    return name.replace(word, slips[int(random.integers(4))], 1)


def _respelt(entry: Entry, random: Random) -> str | None:
    name = _plain(entry).lower()
    fitting = [pair for pair in _SPELT if pair[0] in name]
    for many, one in (fitting[int(n)] for n in random.permutation(len(fitting))[:2]):
        name = name.replace(many, one, 1)
    return name.title() if fitting else None


def _marked(entry: Entry, _: Random) -> str | None:
    name = _plain(entry).lower()
    return re.sub(r"[aeoucns](?=[a-z])", lambda found: _MARKS[found.group()], name, count=2).title()


def _joined(entry: Entry, _: Random) -> str | None:
    name = _plain(entry)
    return name.replace("-", " ") if "-" in name else name.replace(" ", "-", 1)


def _form(entry: Entry, _: Random) -> str | None:
    for pattern, instead in _FORMS:
        if entry.kind == "organisation" and re.search(pattern, entry.names[0]):
            return re.sub(pattern, instead, entry.names[0])
    return None


def _cyrillic(entry: Entry, _: Random) -> str | None:
    return _written(_plain(entry), _CYRILLIC) if _person(entry) else None


def _arabic(entry: Entry, _: Random) -> str | None:
    """Consonants and long vowels only, for names of Arabic form."""
    name = _plain(entry)
    is_arabic = re.search(r"\b(al|el|abd|muhammad|mohamm?ed|ahmad|ali|hassan|husayn|bin|abu|mahmud)\b", name.lower())
    bare = re.sub(r"(.)\1", r"\1", re.sub(r"(?<=[a-z])[aeiou](?=[a-z])", "", name.lower()).replace("al-", "al"))
    return _written(bare, _ARABIC) if is_arabic and _person(entry) else None


def _written(name: str, table: Mapping[str, str]) -> str:
    pattern = "|".join(sorted(table, key=len, reverse=True))
    return re.sub(pattern, lambda found: table[found.group()], re.sub(r"['’.]", "", name.lower()))


def _plain(entry: Entry) -> str:
    person = _person(entry)
    return " ".join(person) if person else entry.names[0].title()


RULES: Mapping[str, Rule] = {
    "order": _reordered, "first_and_last": _first_and_last, "typing": _typed, "spelling": _respelt, "marks": _marked,
    "hyphen": _joined, "company_form": _form, "cyrillic": _cyrillic, "arabic": _arabic,
}  # fmt: skip
