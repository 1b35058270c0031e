"""How well the right product and the right rule are found.

`python -m eval search [--part dev|test] [--json]`: our sets over the demo shop. `--data DIR`: a BEIR folder.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import settings
from eval import beir, found, ranking
from eval.ranking import Judged
from eval.report import Metric, Report
from retrieval import encoder as encoders
from retrieval.index import Item, ProductIndex
from shop.errors import ShopError

PROBLEM = 2
DEEP = 100
PARTS = ("fusion", "dense", "lexical")


def run(arguments: Sequence[str]) -> int:
    """Print the figures, with `--json` as one object on the last line; 2 if the data is bad."""
    parser = argparse.ArgumentParser("python -m eval search", description=__doc__)
    parser.add_argument("--part", help="dev or test; of a BEIR folder the name of its judgements (default: test; dev)")
    parser.add_argument("--data", type=Path, help="a folder in the BEIR layout")
    parser.add_argument("--limit", type=int, help="so many queries of it only")
    parser.add_argument("--encoder", help="default: SHOP_ENCODER")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    try:
        report = _measured(given, settings.load())
    except (beir.BadFolder, ShopError, OSError) as error:
        print(error, file=sys.stderr)
        return PROBLEM
    report.show(as_json=given.json)
    return 0


def _measured(given: argparse.Namespace, known: settings.Settings) -> Report:
    name = given.encoder or known.encoder
    if given.data:
        part = given.part or "dev"
        test = beir.read(given.data, part)
        return folder(test, f"{given.data.name}/{part}", encoders.load(name), given.limit)
    return found.run(known.data, given.part or "test", encoders.load(name))


def folder(test: beir.Beir, name: str, encoder: encoders.Encoder, limit: int | None = None) -> Report:
    """Index a test's documents and judge its queries: the fusion, and each part alone beside it."""
    begun = time.monotonic()
    ids = list(test.documents)
    items = (Item(n, _texts(test.documents[id])) for n, id in enumerate(ids))
    index = ProductIndex.build(items, encoder)
    built = time.monotonic() - begun
    judged: dict[str, list[Judged[int]]] = defaultdict(list)
    spent: dict[str, float] = defaultdict(float)
    for query in list(test.queries)[:limit]:
        gains = {n: _gain(test, query, id) for n, id in enumerate(ids) if id in test.grades[query]}
        relevant = frozenset(n for n in gains if test.grades[query][ids[n]] >= test.relevant)
        if relevant:
            for part in PARTS:
                start = time.perf_counter()
                rows = _rows(index, part, test.queries[query])
                spent[part] += time.perf_counter() - start
                judged[part].append(Judged(rows, gains, relevant))
    metrics = _graded(judged) | {"build_seconds": Metric(built, len(ids))}
    each = {part: round(len(judged[part]) / max(spent[part], 1e-9)) for part in PARTS}
    return Report("search", name, time.monotonic() - begun, metrics, {"queries_per_second": each})


def _texts(document: beir.Document) -> tuple[str, ...]:
    return tuple(text for text in (document.title, document.text) if text.strip())


def _gain(test: beir.Beir, query: str, document: str) -> float:
    return float(2 ** (test.grades[query][document] - test.lowest) - 1)


def _rows(index: ProductIndex, part: str, query: str) -> list[int]:
    if part == "fusion":
        return [hit.id for hit in index.search(query, DEEP)]
    return index.alone("dense" if part == "dense" else "lexical", query, DEEP)


def _graded(judged: Mapping[str, Sequence[Judged[int]]]) -> dict[str, Metric]:
    measures = {
        "ndcg@10": ranking.ndcg,
        "recall@10": lambda one: ranking.recall(one, 10),
        "recall@100": lambda one: ranking.recall(one, DEEP),
        "mrr": ranking.reciprocal,
    }
    metrics = {}
    for name, measure in measures.items():
        values = {part: [measure(one) for one in ones] for part, ones in judged.items()}
        metric = ranking.measured(values.pop("fusion", []), values)
        if metric is not None:
            metrics[name] = metric
    return metrics
