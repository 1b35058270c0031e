"""The index finds the right product first, in any language, and keeps itself whole on disk."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from retrieval.dense import DenseIndex
from retrieval.encoder import Vectors, normalised
from retrieval.index import IndexMismatch, Item, ProductIndex, fingerprint
from tests.retrieval.shelf import ITEMS, SKU, small_index, use


@pytest.mark.parametrize(
    ("query", "sku"),
    [
        ("防水徒步背包", "BAG-0001"),
        ("mochila impermeable", "BAG-0001"),
        ("hiking bakpack 40L", "BAG-0001"),
        ("Wanderrucksack 60 Liter", "BAG-0002"),
        ("バックパック 40リットル", "BAG-0001"),
        ("BAG-0003", "BAG-0003"),
        ("do you have sho 0012?", "SHO-0012"),
        ("Зарядка USB-C 65 Вт", "ELE-0012"),
        ("chargeur 30 W", "ELE-0013"),
        ("something to boil water", "KIT-0044"),
        ("زيت زيتون", "GRO-0007"),
        ("9H glass", "PHO-0009"),
    ],
)
def test_the_right_product_comes_first(query: str, sku: str) -> None:
    assert small_index().search(query, 3)[0].id == SKU[sku]


@pytest.mark.parametrize("query", ["", "  ", "?!…", "🎒", "\x00"])
def test_a_query_without_words_finds_nothing(query: str) -> None:
    assert small_index().search(query, 5) == []


@pytest.mark.parametrize("query", ["x" * 100_000, "'; DROP TABLE products; --", "\ud800 bag", "({[bag"])
def test_a_strange_query_is_answered(query: str) -> None:
    assert len(small_index().search(query, 5)) == 5


def test_only_allowed_products_are_found() -> None:
    allowed = {SKU["KIT-0044"], SKU["BAG-0002"], 999}
    hits = small_index().search("BAG-0001 hiking backpack 40 L", 10, allowed)
    assert [hit.id for hit in hits] == [SKU["BAG-0002"], SKU["KIT-0044"]]
    assert small_index().search("backpack", 10, set()) == []


def test_no_more_than_k_come_back_in_order() -> None:
    hits = small_index().search("backpack", 4)
    assert len(hits) == 4
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_an_empty_shop_has_an_index(tmp_path: Path) -> None:
    ProductIndex.build([], use()).save(tmp_path)
    assert ProductIndex.load(tmp_path, use()).search("backpack", 3) == []


def test_a_saved_index_answers_the_same(tmp_path: Path) -> None:
    small_index().save(tmp_path)
    loaded = ProductIndex.load(tmp_path, use())
    for query in ("mochila 60 L", "hiking bakpack", "充电器"):
        assert loaded.search(query, 5) == small_index().search(query, 5)


def test_a_new_index_replaces_the_old_one_whole(tmp_path: Path) -> None:
    small_index().save(tmp_path)
    ProductIndex.build(ITEMS[:3], use()).save(tmp_path)
    assert len(ProductIndex.load(tmp_path, use())) == 3
    assert sum(path.is_dir() for path in tmp_path.iterdir()) == 1


def test_a_failed_save_leaves_the_old_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_index().save(tmp_path)

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(DenseIndex, "save", full)
    with pytest.raises(OSError, match="No space"):
        ProductIndex.build(ITEMS[:3], use()).save(tmp_path)
    assert len(ProductIndex.load(tmp_path, use())) == len(ITEMS)
    assert sum(path.is_dir() for path in tmp_path.iterdir()) == 1


class _Other:
    name, dim = "other", 8

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.ones((len(texts), 8), dtype=np.float32)


def test_an_index_of_another_encoder_or_version_says_how_to_rebuild(tmp_path: Path) -> None:
    with pytest.raises(IndexMismatch, match="no search index.*python -m retrieval build"):
        ProductIndex.load(tmp_path / "nothing", use())
    small_index().save(tmp_path)
    with pytest.raises(IndexMismatch, match="encoder use .* uses other.*python -m retrieval build"):
        ProductIndex.load(tmp_path, _Other())
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"version": 0}))
    with pytest.raises(IndexMismatch, match="version 0.*python -m retrieval build"):
        ProductIndex.load(tmp_path, use())


@pytest.mark.parametrize("name", ["ids.npy", "dense.faiss", "moments.npz", "lexical/words.json"])
def test_a_damaged_index_says_how_to_rebuild(tmp_path: Path, name: str) -> None:
    small_index().save(tmp_path)
    next(tmp_path.glob(f"*/{name}")).write_bytes(b"not what it was")
    with pytest.raises(IndexMismatch, match="cannot be read.*python -m retrieval build --force"):
        ProductIndex.load(tmp_path, use())


def test_the_fingerprint_follows_the_rows_not_their_order() -> None:
    assert fingerprint(ITEMS) == fingerprint(ITEMS[::-1])
    assert fingerprint(ITEMS) != fingerprint([*ITEMS[1:], Item(10, ("Another title",))])


def test_many_threads_read_the_same() -> None:
    queries = ["backpack", "充电器 65W", "hervidor", "BAG-0002"] * 10
    alone = [small_index().search(query, 5) for query in queries]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda query: small_index().search(query, 5), queries)) == alone


@pytest.mark.parametrize("exact_up_to", [10_000, 100])
def test_the_dense_index_finds_what_the_exact_scan_finds(exact_up_to: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    centres = rng.standard_normal((40, 64))
    vectors = normalised((centres[rng.integers(0, 40, 3000)] + 0.4 * rng.standard_normal((3000, 64))).astype("f4"))
    DenseIndex.build(vectors, exact_up_to).save(tmp_path)
    index = DenseIndex.load(tmp_path)
    found = total = 0
    for query in vectors[::100]:
        exact = set(np.argsort(-(vectors @ query))[:10].tolist())
        found, total = found + len(exact & set(index.search(query, 10).tolist())), total + 10
    assert found / total >= 0.97
    similar = vectors @ vectors[0]
    assert index.moments(vectors[0]) == pytest.approx((similar.mean(), similar.std()), abs=1e-3)
    even = np.arange(0, 3000, 2)
    assert all(row % 2 == 0 for row in index.search(vectors[0], 10, even))
