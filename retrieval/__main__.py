"""`python -m retrieval build | sync`: make the search index from the shop's database, or bring it up to date."""

import argparse
import resource
import sys
import time
from pathlib import Path

import settings
from retrieval import changes, encoder, source, store
from retrieval.index import Item, ProductIndex, fingerprint
from retrieval.live import LiveIndex
from shop import database
from shop.errors import ShopError

READ_PROBLEM = 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m retrieval", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build_parser = commands.add_parser("build", help="index the products of the database")
    build_parser.add_argument("--force", action="store_true", help="build although nothing changed")
    commands.add_parser("sync", help="write only what changed into the index, while it is in use")
    options = parser.parse_args(arguments)
    chosen = settings.load()
    try:
        if options.command == "sync":
            sync(chosen.database, chosen.index, chosen.encoder)
        else:
            build(chosen.database, chosen.index, chosen.encoder, force=options.force)
    except (ShopError, OSError, store.IndexMismatch) as error:
        print(f"The index was not built: {error}", file=sys.stderr)
        return READ_PROBLEM
    return 0


def build(url: str, folder: Path, encoder_name: str, *, force: bool) -> None:
    """Index the database's products into the folder, unless the index there is of the same rows."""
    started = time.monotonic()
    log_from = changes.state(folder)[1]  # what comes after this may be newer than what is read now
    items = _items(url)
    there = store.read(folder)
    same = there and (there.version, there.encoder, there.fingerprint) == (
        store.VERSION,
        encoder_name,
        fingerprint(items),
    )
    if there and same and not force and not log_from:
        print(f"The index in {folder} is up to date ({there.count:,} products).")
        return
    loaded = encoder.load(encoder_name)
    index = ProductIndex.build(items, loaded, progress=_progress, known=() if force else _known(folder, loaded))
    index.save(folder, log_from)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(
        f"Indexed {len(index):,} products into {folder}: {size:,.1f} MB on disk, "
        f"{memory:,.0f} MB of memory at most, {time.monotonic() - started:,.1f} s."
    )


def sync(url: str, folder: Path, encoder_name: str) -> None:
    """Write into the index what differs between it and the database: seen at once by all who have it open."""
    started = time.monotonic()
    live = LiveIndex.open(folder, encoder.load(encoder_name))
    put, gone = live.differing(_items(url))
    live.put(put)
    live.remove(gone)
    print(f"Put {len(put):,} and removed {len(gone):,} products in {time.monotonic() - started:,.1f} s.")


def _items(url: str) -> list[Item]:
    shop = database.connect(url)
    if not shop.is_ready():
        raise OSError(f"{shop.engine.url} has no shop in it; make one with `python -m shop demo`.")
    with shop.session() as session:
        return source.items(session)


def _known(folder: Path, loaded: encoder.Encoder) -> list[ProductIndex]:
    """The index that is there, so that what did not change is not encoded again."""
    try:
        return [ProductIndex.load(folder, loaded)]
    except store.IndexMismatch:
        return []


def _progress(done: int, total: int) -> None:
    print(f"  {done:,} of {total:,} texts encoded ({done / total:.0%})", flush=True)


if __name__ == "__main__":
    sys.exit(main())
