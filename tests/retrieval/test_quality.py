"""The fused search beats its parts on our own cross-lingual queries (`pytest -s` prints the table)."""

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from retrieval import index as settings
from retrieval.index import Hit, Item, ProductIndex
from shop.demo import catalogue
from tests.retrieval.shelf import use

QUERIES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "eval/sets/search_dev.jsonl").read_text("utf-8").splitlines()
]
DRAFTS = list(catalogue.drafts())
Key = Callable[[Hit], float]


@pytest.fixture(scope="module")
def demo_index() -> ProductIndex:
    items = []
    for i, draft in enumerate(DRAFTS):
        titles = (draft.titles["en"], *draft.titles.values())
        bodies = tuple(draft.descriptions.values())
        items.append(Item(i, tuple(dict.fromkeys(titles)), (draft.sku, draft.brand), bodies))
    return ProductIndex.build(items, use())


def test_fusion_beats_its_parts(demo_index: ProductIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    fused = measure("fusion", demo_index, lambda hit: hit.score)
    lexical = measure("lexical", demo_index, lambda hit: hit.lexical)
    monkeypatch.setattr(settings, "LEXICAL_WEIGHT", 0.0)
    dense = measure("dense", demo_index, lambda hit: hit.score)
    assert fused["all"][0] >= 0.84
    assert fused["all"][1] >= 0.85
    assert fused["code"][0] == 1.0
    assert fused["all"][0] > max(dense["all"][0], lexical["all"][0])


def measure(name: str, demo: ProductIndex, key: Key) -> dict[str, tuple[float, float]]:
    """Return recall@1 and MRR for all queries, each kind of query and each language, and print them."""
    marks: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for query in QUERIES:
        right = relevant(query["want"])
        hits = [hit for hit in demo.search(query["query"], 100) if key(hit) > 0]
        ranks = [rank for rank, hit in enumerate(sorted(hits, key=key, reverse=True), 1) if hit.id in right]
        first = ranks[0] if ranks else None
        for group in ("all", query["type"], query["language"]):
            marks[group].append((first == 1, 1 / first if first else 0.0))
    found = {group: _means(values) for group, values in marks.items()}
    for group, (recall, mrr) in found.items():
        print(f"{name:8} {group:8} n={len(marks[group]):3} R@1 {recall:.3f} MRR {mrr:.3f}")
    return found


def relevant(want: dict[str, list[str] | str]) -> set[int]:
    """Return the drafts that a query wants: of a SKU, or of a kind with these attributes."""
    if "sku" in want:
        return {i for i, draft in enumerate(DRAFTS) if draft.sku == want["sku"]}
    needed = set(want.get("has", ()))
    return {
        i
        for i, draft in enumerate(DRAFTS)
        if draft.kind in want["kind"]
        and needed <= {part for value in draft.attributes.values() for part in value.split(", ")}
    }


def _means(values: list[tuple[bool, float]]) -> tuple[float, float]:
    recall, mrr = np.mean(values, axis=0)
    return float(recall), float(mrr)
