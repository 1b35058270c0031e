"""What people look for in the demo shop, and which products answer: written by hand, or made from the catalogue."""

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from retrieval import titles
from shop.demo.draft import Draft

SETS = Path(__file__).parent / "sets"
PARTS = ("dev", "test")
CODES = 120
SLIPS = 120
SEED = 11
_ASKED = {
    "en": "do you have {}?", "zh": "有没有 {}", "es": "¿tienen {}?", "pt": "vocês têm {}?", "fr": "avez-vous {} ?",
    "de": "Haben Sie {}?", "it": "avete {}?", "ja": "{} はありますか", "ko": "{} 있나요?", "ru": "есть ли {}?",
    "ar": "هل لديكم {}؟", "tr": "{} var mı?",
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """A query, the set and the language it belongs to, and the SKUs that answer it."""

    query: str
    language: str
    group: str
    right: frozenset[str]


def queries(drafts: Sequence[Draft], part: str) -> list[Wanted]:
    """List a part's queries: by meaning, codes, brands with sizes, and slips of the finger."""
    made = [*_meant(drafts), *_codes(drafts), *_specs(drafts), *_slips(drafts)]
    return [wanted for place, wanted in made if PARTS[place % 2] == part]


def earlier(drafts: Sequence[Draft]) -> list[Wanted]:
    """List the queries of search_dev.jsonl, on which the settings of the fusion were chosen."""
    found = []
    for line in (SETS / "search_dev.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        found.append(Wanted(row["query"], row["language"], row["type"], _right(drafts, row["want"])))
    return found


def absent(part: str) -> Iterator[tuple[str, str]]:
    """Yield (language, query) of a part's things that the shop does not sell."""
    for language, line in yaml.safe_load((SETS / "absent.yaml").read_text("utf-8")).items():
        for place, query in enumerate(line.split(";")):
            if PARTS[place % 2] == part:
                yield language, query.strip()


def questions(part: str) -> Iterator[tuple[str, str, str]]:
    """Yield (language, question, passage or ~) of a part."""
    for language, asked in yaml.safe_load((SETS / "questions.yaml").read_text("utf-8")).items():
        for place, (question, passage) in enumerate(asked):
            if PARTS[place % 2] == part:
                yield language, question, passage


def _meant(drafts: Sequence[Draft]) -> Iterator[tuple[int, Wanted]]:
    lines = yaml.safe_load((SETS / "search_cross.yaml").read_text("utf-8"))
    kinds = [set(names.split()) for names in lines.pop("kinds").split(";")]
    right = [frozenset(draft.sku for draft in drafts if draft.kind in names) for names in kinds]
    for language, line in lines.items():
        for place, query in enumerate(line.split(";")):
            yield place, Wanted(query.strip(), language, "meaning", right[place])


def _codes(drafts: Sequence[Draft]) -> Iterator[tuple[int, Wanted]]:
    """Make queries by SKU, written as people write them."""
    chance = random.Random(SEED)
    for place, draft in enumerate(chance.sample(list(drafts), CODES)):
        language = chance.choice(list(_ASKED))
        code = chance.choice((draft.sku, draft.sku.lower(), draft.sku.replace("-", " "), draft.sku.replace("-", "")))
        yield place, Wanted(_ASKED[language].format(code), language, "code", frozenset({draft.sku}))


def _specs(drafts: Sequence[Draft]) -> Iterator[tuple[int, Wanted]]:
    """Make queries by brand and what it is: any product of the brand and kind answers."""
    chance = random.Random(SEED + 1)
    right = defaultdict(set)
    for draft in drafts:
        right[draft.brand, draft.kind].add(draft.sku)
    for place, draft in enumerate(chance.sample(list(drafts), CODES)):
        language = chance.choice(list(_ASKED))
        name = titles.head(draft.titles[language], (draft.sku, draft.brand))
        yield place, Wanted(f"{draft.brand} {name}", language, "brand", frozenset(right[draft.brand, draft.kind]))


def _slips(drafts: Sequence[Draft]) -> Iterator[tuple[int, Wanted]]:
    """Make queries with a letter missing, doubled or swapped in a long word; any product of the kind answers."""
    chance = random.Random(SEED + 2)
    right = defaultdict(set)
    for draft in drafts:
        right[draft.kind].add(draft.sku)
    for place in range(SLIPS):
        draft = chance.choice(drafts)
        language = chance.choice([code for code in _ASKED if code not in ("zh", "ja", "ko", "ar")])
        name = titles.head(draft.titles[language], (draft.sku, draft.brand))
        long = [word for word in re.findall(r"\w+", name) if len(word) >= 6]
        if long:
            word = max(long, key=len)
            slipped = name.replace(word, _slip(word, chance))
            yield place, Wanted(slipped, language, "slip", frozenset(right[draft.kind]))


def _slip(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 2)
    left, one, two, rest = word[:place], word[place], word[place + 1], word[place + 2 :]
    return chance.choice((left + two + rest, left + one + one + two + rest, left + two + one + rest))


def _right(drafts: Sequence[Draft], want: dict[str, str | list[str]]) -> frozenset[str]:
    if "sku" in want:
        return frozenset({str(want["sku"])})
    needed = set(want.get("has", ()))
    return frozenset(
        draft.sku
        for draft in drafts
        if draft.kind in want["kind"] and needed <= {p for v in draft.attributes.values() for p in v.split(", ")}
    )
