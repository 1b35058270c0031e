"""`python -m retrieval build` makes the search index from the shop's database."""

import argparse
import resource
import sys
import time
from pathlib import Path

import settings
from retrieval import encoder, source, store
from retrieval.index import ProductIndex, fingerprint
from shop import database
from shop.errors import ShopError

READ_PROBLEM = 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m retrieval", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build_parser = commands.add_parser("build", help="index the products of the database")
    build_parser.add_argument("--force", action="store_true", help="build although nothing changed")
    options = parser.parse_args(arguments)
    chosen = settings.load()
    try:
        build(chosen.database, chosen.index, chosen.encoder, force=options.force)
    except (ShopError, OSError) as error:
        print(f"The index was not built: {error}", file=sys.stderr)
        return READ_PROBLEM
    return 0


def build(url: str, folder: Path, encoder_name: str, *, force: bool) -> None:
    """Index the database's products into the folder, unless the index there is of the same rows."""
    started = time.monotonic()
    shop = database.connect(url)
    if not shop.is_ready():
        raise OSError(f"{shop.engine.url} has no shop in it; make one with `python -m shop demo`.")
    with shop.session() as session:
        items = source.items(session)
    there = store.read(folder)
    same = there and (there.version, there.encoder, there.fingerprint) == (
        store.VERSION,
        encoder_name,
        fingerprint(items),
    )
    if there and same and not force:
        print(f"The index in {folder} is up to date ({there.count:,} products).")
        return
    index = ProductIndex.build(items, encoder.load(encoder_name), progress=_progress)
    index.save(folder)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(
        f"Indexed {len(index):,} products into {folder}: {size:,.1f} MB on disk, "
        f"{memory:,.0f} MB of memory at most, {time.monotonic() - started:,.1f} s."
    )


def _progress(done: int, total: int) -> None:
    print(f"  {done:,} of {total:,} texts encoded ({done / total:.0%})", flush=True)


if __name__ == "__main__":
    sys.exit(main())
