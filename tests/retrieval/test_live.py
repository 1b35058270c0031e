"""Changes show at once, survive a kill, and leave what a rebuild gives."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval import changes, source
from retrieval.__main__ import build, sync
from retrieval.index import Item, ProductIndex
from retrieval.live import LiveIndex
from shop.database import Database
from shop.tables import Product
from tests.retrieval.shelf import ITEMS, SKU, small_index, use

ROOT = Path(__file__).parents[2]
ZITHER = Item(900, ("Quartz zither", "Цитра"), ("MUS-0900", "Brisanova"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    small_index().save(tmp_path)
    return tmp_path


def first(index: LiveIndex, query: str) -> int:
    return index.search(query, 3)[0].id


def test_an_untouched_index_answers_as_it_was_built(folder: Path) -> None:
    live = LiveIndex.open(folder, use())
    for query in ("mochila 60 L", "hiking bakpack", "充电器", "BAG-0002"):
        assert live.search(query, 5) == small_index().search(query, 5)


def test_what_is_put_is_found_by_the_next_search_of_everybody(folder: Path) -> None:
    mine, other = LiveIndex.open(folder, use()), LiveIndex.open(folder, use())
    mine.put([ZITHER])
    for live in (mine, other, LiveIndex.open(folder, use())):
        assert [first(live, query) for query in ("zither", "цитра", "MUS-0900")] == [900] * 3
        assert len(live) == len(ITEMS) + 1


def test_what_is_changed_is_found_as_it_is_now(folder: Path) -> None:
    live = LiveIndex.open(folder, use())
    backpack = SKU["BAG-0001"]
    live.put([Item(backpack, ("Grand piano",), ("PIA-0001",))])
    assert first(live, "PIA-0001") == first(live, "piano") == backpack
    assert backpack not in [hit.id for hit in live.search("BAG-0001 hiking backpack", 3)]
    assert len(live) == len(ITEMS)
    live.put([ITEMS[backpack - 10]])
    assert first(live, "BAG-0001") == backpack


def test_what_is_removed_is_not_found(folder: Path) -> None:
    live = LiveIndex.open(folder, use())
    live.put([ZITHER])
    live.remove([900, SKU["BAG-0001"], 4711])
    found = {hit.id for query in ("zither", "BAG-0001") for hit in live.search(query, 50)}
    assert not found & {900, SKU["BAG-0001"]}
    assert len(live) == len(ITEMS) - 1


def test_only_allowed_products_are_found_among_the_changed(folder: Path) -> None:
    live = LiveIndex.open(folder, use())
    live.put([ZITHER])
    assert {hit.id for hit in live.search("zither", 9, {SKU["BAG-0001"]})} == {SKU["BAG-0001"]}
    assert [hit.id for hit in live.search("zither", 9, {900, 901})] == [900]


def test_random_changes_leave_what_a_rebuild_gives(folder: Path) -> None:
    chance, live, there = random.Random(3), LiveIndex.open(folder, use()), {item.id: item for item in ITEMS}
    for _ in range(40):
        put = [_some(chance) for _ in range(chance.randint(0, 40))]
        gone = chance.sample(sorted(there), min(len(there), chance.randint(0, 15)))
        live.put(put)
        there |= {item.id: item for item in put}
        live.remove(gone)
        there = {id: item for id, item in there.items() if id not in gone}
        assert len(live) == len(there)
    for item in there.values():
        assert first(live, item.codes[0]) == item.id
    assert live.differing(list(there.values())) == ([], [])
    parts = [segment.index for segment in live._state.segments]
    folded = ProductIndex.build(there.values(), use(), known=[live._state.base, *parts])
    rebuilt = ProductIndex.build(there.values(), use())
    assert folded.fingerprint == rebuilt.fingerprint
    for query in ("mochila", "blue lamp", "red kettle 3 L", "ZZ-0007", "充电器"):
        one, other = folded.search(query, 10), rebuilt.search(query, 10)
        assert [hit.score for hit in one] == pytest.approx([hit.score for hit in other], abs=2e-2)


def _some(chance: random.Random) -> Item:
    id = chance.randint(10, 300)
    colour, thing = chance.choice(("blue", "red", "green")), chance.choice(("lamp", "kettle", "tent"))
    name = f"{colour} {thing} {chance.randint(1, 9)} L"
    return Item(id, (name,), (f"ZZ-{id:04}", "Shelf"))


def test_a_kill_loses_nothing_that_was_acknowledged(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from retrieval import changes\n"
        "for n in range(10**6):\n"
        "    parts = (('Zither ' + 'x' * 5000,), (f'MUS-{n:06}',), ())\n"
        "    changes.append(Path(sys.argv[1]), {n: changes.Entry(n, parts)}); print(n, flush=True)\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", code, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    acknowledged = [int(writer.stdout.readline()) for _ in range(25)]
    os.kill(writer.pid, signal.SIGKILL)
    acknowledged += [int(line) for line in writer.stdout.read().splitlines()]
    writer.wait()
    entries, _ = changes.read(folder, 0)
    assert entries.keys() >= set(acknowledged)


@pytest.fixture
def torn(folder: Path) -> Path:
    LiveIndex.open(folder, use()).put([ZITHER])
    with (folder / changes.LOG).open("ab") as log:
        log.write(b'[901, [["half')
    return folder


def test_a_line_that_a_kill_left_half_written_does_not_count(torn: Path) -> None:
    live = LiveIndex.open(torn, use())
    assert len(live) == len(ITEMS) + 1
    live.put([Item(902, ("Theremin",))])
    assert first(LiveIndex.open(torn, use()), "theremin") == 902


def test_a_full_disk_acknowledges_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live = LiveIndex.open(folder, use())

    def full(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        live.put([ZITHER])
    assert len(live) == len(ITEMS)
    assert len(LiveIndex.open(folder, use())) == len(ITEMS)


def test_a_new_index_keeps_what_was_logged_while_it_was_built(folder: Path) -> None:
    live = LiveIndex.open(folder, use())
    live.put([ZITHER])
    read_so_far = changes.state(folder)[1]
    live.put([Item(901, ("Theremin",), ("MUS-0901",))])
    ProductIndex.build([*ITEMS, ZITHER], use()).save(folder, read_so_far)
    for one in (live, LiveIndex.open(folder, use())):
        assert len(one) == len(ITEMS) + 2
        assert [first(one, query) for query in ("MUS-0900", "MUS-0901")] == [900, 901]
    assert changes.read(folder, 0)[0].keys() == {901}


def test_sync_writes_what_differs_from_the_database(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    build(url, tmp_path / "index", "use", force=False)
    live = LiveIndex.open(tmp_path / "index", use())
    with database.session() as session:
        goods = source.items(session)
        one = session.get_one(Product, goods[0].id)
        one.is_active = False
        session.get_one(Product, goods[1].id).brand = "Zweitmarke"
    sync(url, tmp_path / "index", "use")
    assert "Put 1 and removed 1" in capsys.readouterr().out
    assert len(live) == len(goods) - 1
    assert first(live, "Zweitmarke") == goods[1].id
    sync(url, tmp_path / "index", "use")
    assert "Put 0 and removed 0" in capsys.readouterr().out
    build(url, tmp_path / "index", "use", force=False)
    assert changes.state(tmp_path / "index")[1] == 0
    assert len(live) == len(goods) - 1
