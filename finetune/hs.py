"""Train the suggester of customs headings on labelled titles and say how good it is on the held-out ones."""

import argparse
import csv
import gzip
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from finetune.intent import commit, rarity
from finetune.labelled import TRAIN, BadData, Example, read
from models.card import Card, Metric
from models.hs import FOLDER, Encode, Floats, Headings, chapter_of, matrix, unit
from shop.demo.titles import noun
from shop.wording import LANGUAGES

OURS = Path(__file__).parent / "goods" / "titles.csv"
RIDGE = 1.0
AXES = 256  # of the 512 of a sentence vector
WEIGHT = (3.0, 1.0)  # a labelled title counts three times an official heading
TOP = 5
RESAMPLES, SEED = 1000, 7
OWN_DATA = (
    "{seen} titles in `finetune/goods/` and names of the demo's goods, written and labelled for this project, and the "
    "words of {official} headings of the Harmonized System 2022 (datasets/harmonized-system, ODC-PDDL 1.0)"
)
OWN_SPLIT = (
    "by the column `part`: the held-out titles were written before the list of nouns that is trained on, by the same "
    "author; weights were chosen by cross-validation on training titles; the held-out titles were played twice, before "
    "and after the names of the demo's goods were added"
)


def main(args: Sequence[str]) -> int:
    """Train on `--data` and the headings of `--headings`, write weights and card to `--out`, print the figures."""
    parser = argparse.ArgumentParser("python -m finetune hs", description=main.__doc__)
    parser.add_argument("--data", type=Path, default=OURS, help="CSV or JSONL: text, label (4 digits), part")
    parser.add_argument("--headings", type=Path, help="CSV with hscode, description, level; default: those we have")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--encoder", default="use", help="the encoder whose vectors it reads")
    given = parser.parse_args(args)
    from retrieval.encoder import load

    encode = load(given.encoder).encode
    official = headings(given.headings) if given.headings else kept(encode)
    seen, held = parts(given.data, official)
    model = train(seen, official, encode)
    model.save(given.out)
    metrics = tested(Headings.load(given.out, encode), held)
    card = _card(given, len(seen), len(official), metrics)
    card.save(given.out)
    print(card.markdown())
    return 0


def headings(path: Path) -> dict[str, str]:
    """Read the official headings with their words. Raises BadData."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8", newline="") as file:
            found = {row["hscode"]: row["description"] for row in csv.DictReader(file) if row["level"] == "4"}
    except (OSError, KeyError, UnicodeDecodeError) as problem:
        raise BadData(f"{path}: it needs the columns hscode, description and level ({problem!r}).") from problem
    if not found:
        raise BadData(f"{path}: it has no headings of level 4.")
    return found


def kept(encode: Encode) -> dict[str, str]:
    """The official headings that came with the last weights."""
    before = Headings.load(FOLDER, encode)
    return dict(zip(before.codes, before.words, strict=True))


def parts(path: Path, official: dict[str, str]) -> tuple[list[Example], list[Example]]:
    """The titles to train on and those held out. Raises BadData for a label that is no heading."""
    examples = read(path)
    for example in examples:
        if example.label not in official:
            raise BadData(f"{path}: “{example.text[:40]}”: {example.label} is not a heading of four digits.")
    seen = [example for example in examples if example.part == TRAIN]
    seen += names_of_kinds() if path == OURS else []
    held = [example for example in examples if example.part != TRAIN]
    if not seen or not held:
        raise BadData(f"{path}: needs titles to train on and held-out ones.")
    return seen, held


def names_of_kinds() -> list[Example]:
    """The names of the demo's kinds of goods in twelve languages, with their headings: they are ours, too."""
    from shop.demo.kinds import all_kinds

    return [
        Example(noun(name)[0], kind.hs_code.replace(".", "")[:4], language, TRAIN)
        for kind in all_kinds()
        for language, name in zip(LANGUAGES, kind.names, strict=True)
    ]


def train(seen: Sequence[Example], official: dict[str, str], encode: Encode) -> Headings:
    """Keep the titles' and headings' vectors, and solve for the chapters by kernel ridge regression."""
    codes, words = tuple(official), tuple(official.values())
    texts = [*(example.text for example in seen), *words]
    known = rarity(texts)
    whole = encode(texts)
    axes = np.linalg.svd(whole.T @ whole)[0][:, :AXES].astype(np.float32)
    vectors, grams = unit(whole @ axes), matrix(texts, known)
    labels = np.array([codes.index(example.label) for example in seen])
    kernel = np.clip(vectors @ vectors.T, 0, 1) ** 2 + grams @ grams.T
    weight = np.repeat(WEIGHT, [len(seen), len(words)])
    duals = np.linalg.solve(np.asarray(kernel) + np.diag(RIDGE / weight), _chapters(codes, labels))
    return Headings(codes, words, tuple(example.text for example in seen), labels, axes, vectors, grams, known,
                    duals.astype(np.float32), encode)  # fmt: skip


def tested(model: Headings, held: Sequence[Example]) -> dict[str, Metric]:
    """Right chapter, right heading, and right heading among the first five, beside the nearest title's."""
    titles, labels = [example.text for example in held], [example.label for example in held]
    ranked = np.argsort(-model.scores(titles), axis=1, kind="stable")[:, :TOP]
    first = [[model.codes[at] for at in row] for row in ranked.tolist()]
    plain = model.nearest(titles)
    return {
        "chapter": _share([said[0][:2] == true[:2] for said, true in zip(first, labels, strict=True)],
                          [said[:2] == true[:2] for said, true in zip(plain, labels, strict=True)]),
        "heading": _share([said[0] == true for said, true in zip(first, labels, strict=True)],
                          [said == true for said, true in zip(plain, labels, strict=True)]),
        "heading_top5": _share([true in said for said, true in zip(first, labels, strict=True)], None),
    }  # fmt: skip


def _chapters(codes: Sequence[str], labels: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Floats:
    """A row each for titles and headings with a one in the column of its chapter."""
    chapters = chapter_of(codes)
    rows = np.concatenate([chapters[labels], chapters])
    return np.asarray(np.eye(int(chapters.max()) + 1)[rows], dtype=np.float32)


def _share(right: Sequence[bool], plain: Sequence[bool] | None) -> Metric:
    values = np.array(right, dtype=float)
    drawn = values[np.random.default_rng(SEED).integers(0, len(values), (RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    baselines = {} if plain is None else {"nearest_title": float(np.mean(plain))}
    return Metric(round(float(values.mean()), 4), round(float(low), 4), round(float(high), 4), len(values), baselines)


def _card(given: argparse.Namespace, seen: int, official: int, metrics: dict[str, Metric]) -> Card:
    ours = given.data == OURS
    return Card(
        name="Customs heading of goods",
        task="The Harmonized System heading (four digits) of goods, from their title. For a person to confirm.",
        data=OWN_DATA.format(seen=seen, official=official) if ours else str(given.data),
        licence="as this project; the headings' words: ODC-PDDL 1.0" if ours else "that of the data",
        split=OWN_SPLIT if ours else "by the column `part`",
        seed=SEED,
        recipe={"Model": "nearest labelled titles and headings by vectors and n-grams; kernel ridge for the chapter",
                "Encoder": given.encoder, "Ridge": RIDGE},
        metrics=metrics,
        commit=commit(),
    )  # fmt: skip
