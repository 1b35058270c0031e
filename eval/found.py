"""What is found in the demo shop: our queries in twelve languages, what it lacks, price limits, and its rules."""

import random
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sqlalchemy import select

from eval import ranking, report, stage, wanted
from eval.ranking import Judged
from eval.report import Metric, Report
from eval.stage import Stage
from eval.wanted import Wanted
from retrieval import titles
from retrieval.encoder import Encoder
from retrieval.index import ProductIndex
from retrieval.understand import understand
from shop import people
from shop.demo import catalogue
from shop.demo.draft import Draft
from shop.tables import Product
from tools import TOOLS
from tools.base import Context
from tools.shelf import find, wish
from tools.views import Cards

PARTS = ("fusion", "dense", "lexical")
BOUNDED = 60
SEED = 5
_UNDER = {
    "en": ("{} under {} dollars", "USD"), "zh": ("{}，{}元以下", "CNY"), "es": ("{} por menos de {} euros", "EUR"),
    "pt": ("{} até {} reais", "BRL"), "fr": ("{} à moins de {} euros", "EUR"), "de": ("{} unter {} Euro", "EUR"),
    "it": ("{} sotto i {} euro", "EUR"), "ja": ("{}円以下の{}", "JPY"), "ko": ("{}원 이하 {}", "KRW"),
    "ru": ("{} до {} евро", "EUR"), "ar": ("{} بأقل من {} دولار", "USD"), "tr": ("{} liranın altında {}", "TRY"),
}  # fmt: skip
_LIMITS = {"USD": (8, 90), "EUR": (8, 90), "CNY": (40, 600), "BRL": (40, 500), "JPY": (900, 12000),
           "KRW": (9000, 120000), "TRY": (300, 4000)}  # fmt: skip
_FIRST = ("ja", "ko", "tr")  # where the amount comes first


def run(data: Path, part: str, encoder: Encoder) -> Report:
    """Measure a part of all our sets on the demo shop, building it if need be."""
    begun = time.monotonic()
    drafts = list(catalogue.drafts())
    with stage.opened(data, encoder) as opened:
        judged, latencies = _judged(opened, wanted.queries(drafts, part))
        metrics = _overall(judged) | _by_group(judged)
        times = [[value] for value in latencies]
        metrics |= _kept({f"latency_p{p}_ms": report.measure(times, report.percentile(p)) for p in (50, 95)})
        metrics |= _limits(opened, drafts) | _absent(opened, drafts, part) | _rules(opened, part)
    return Report("search", f"demo/{part}", time.monotonic() - begun, metrics, {"by_language": _by_language(judged)})


def _judged(
    opened: Stage, queries: Sequence[Wanted]
) -> tuple[list[tuple[Wanted, dict[str, Judged[str]]]], list[float]]:  # fmt: skip
    with opened.world.database.session() as db:
        skus: dict[int, str] = dict(db.execute(select(Product.id, Product.sku)).tuples().all())
    index, found, latencies = ProductIndex.load(opened.built.parent / "index", opened.encoder), [], []
    for query in queries:
        words = understand(query.query, query.language).rest or query.query
        start = time.perf_counter()
        hits = [hit.id for hit in index.search(words, 100)]
        latencies.append(1000 * (time.perf_counter() - start))
        ids = {"fusion": hits, "dense": index.alone("dense", words, 100), "lexical": index.alone("lexical", words, 100)}
        rankings = {part: Judged([skus[id] for id in rows], {}, query.right) for part, rows in ids.items()}
        found.append((query, rankings))
    return found, latencies


def _overall(judged: Sequence[tuple[Wanted, Mapping[str, Judged[str]]]]) -> dict[str, Metric]:
    meant = [ranks for query, ranks in judged if query.group == "meaning"]
    return _kept({"recall@1": _first(meant), "mrr": _means(meant)})


def _by_group(judged: Sequence[tuple[Wanted, Mapping[str, Judged[str]]]]) -> dict[str, Metric]:
    groups: dict[str, list[Mapping[str, Judged[str]]]] = defaultdict(list)
    for query, ranks in judged:
        groups[query.group].append(ranks)
    return _kept({f"{name}_recall@1": _first(ranks) for name, ranks in groups.items() if name != "meaning"})


def _first(ranks: Sequence[Mapping[str, Judged[str]]]) -> Metric | None:
    values = {part: [ranking.recall(one[part], 1) for one in ranks] for part in PARTS}
    return ranking.measured(values.pop("fusion"), values)


def _means(ranks: Sequence[Mapping[str, Judged[str]]]) -> Metric | None:
    values = {part: [ranking.reciprocal(one[part]) for one in ranks] for part in PARTS}
    return ranking.measured(values.pop("fusion"), values)


def _by_language(judged: Sequence[tuple[Wanted, Mapping[str, Judged[str]]]]) -> dict[str, object]:
    languages: dict[str, list[Mapping[str, Judged[str]]]] = defaultdict(list)
    for query, ranks in judged:
        if query.group == "meaning":
            languages[query.language].append(ranks)
    return {
        language: {part: round(float(np.mean([ranking.recall(one[part], 1) for one in ranks])), 3) for part in PARTS}
        | {"mrr": round(float(np.mean([ranking.reciprocal(one["fusion"]) for one in ranks])), 3), "n": len(ranks)}
        for language, ranks in sorted(languages.items())
    }


def _limits(opened: Stage, drafts: Sequence[Draft]) -> dict[str, Metric]:
    """Count the products shown as fitting that cost more than the words allow."""
    chance, over, shown = random.Random(SEED), 0, 0
    for _ in range(BOUNDED):
        draft, language = chance.choice(drafts), chance.choice(list(_UNDER))
        text, currency = _UNDER[language]
        limit = chance.randint(*_LIMITS[currency])
        name = titles.head(draft.titles[language], (draft.sku, draft.brand))
        said = text.format(*((limit, name) if language in _FIRST else (name, limit)))
        actor = people.guest(f"limit-{_}", country="US", currency=currency, language=language)
        result = TOOLS["search_products"].run(opened.world, actor, {"query": said}, message=said)
        if isinstance(result.view, Cards) and not result.say[0].key.startswith("say.nothing"):
            shown += len(result.view.items)
            over += sum(card.price.amount > limit for card in result.view.items)
    return {"filter_violations": Metric(float(over), shown)}


def _absent(opened: Stage, drafts: Sequence[Draft], part: str) -> dict[str, Metric]:
    """How often goods are presented as what was asked for when the shop has none, and when it has some."""
    lacking = [[float(_is_sure(opened, language, query))] for language, query in wanted.absent(part)]
    asked = [one for one in wanted.queries(drafts, part) if one.group in ("brand", "slip", "meaning")]
    having = [[float(_is_sure(opened, one.language, one.query))] for one in asked]
    return _kept({"absent_shown": report.measure(lacking), "present_shown": report.measure(having)})


def _is_sure(opened: Stage, language: str, query: str) -> bool:
    actor = people.guest("absent", country="US", currency="USD", language=language)
    with opened.world.database.session() as db:
        ctx = Context(actor, db, opened.world, query)
        found = find(ctx, wish(ctx, query, None, None, None, None, "best_match", in_stock=False), 6)
    return bool(found.goods) and found.differs is None


def _rules(opened: Stage, part: str) -> dict[str, Metric]:
    right, wrong = [], []
    for language, question, passage in wanted.questions(part):
        hits = opened.world.policies.search(question, language)
        if passage == "~":
            wrong.append([float(bool(hits))])
        else:
            right.append([float(bool(hits) and hits[0].passage_id == passage)])
    return _kept({"rule_right": report.measure(right), "rule_wrongly_answered": report.measure(wrong)})


def _kept(metrics: Mapping[str, Metric | None]) -> dict[str, Metric]:
    return {name: metric for name, metric in metrics.items() if metric is not None}
