"""Read a search test in the BEIR layout: corpus.jsonl, queries.jsonl, qrels/<part>.tsv, each plain or as .gz.

A file that is not so is refused with its name, the line and the rule.
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HEADER = ["query-id", "corpus-id", "score"]


class BadFolder(ValueError):
    """A folder is not in the layout; str() names the file, the line and the rule."""


@dataclass(frozen=True)
class Document:
    """One thing that can be found."""

    title: str
    text: str


@dataclass(frozen=True)
class Beir:
    """A test: documents and queries by id, and grades by query and document."""

    documents: Mapping[str, Document]
    queries: Mapping[str, str]
    grades: Mapping[str, Mapping[str, float]]

    @property
    def lowest(self) -> float:
        """What a grade of no use is: 0, or the lowest one where grades are means of human ones (not whole)."""
        found = [grade for judged in self.grades.values() for grade in judged.values()]
        return 0.0 if all(grade.is_integer() for grade in found) else min(found)

    @property
    def relevant(self) -> float:
        """The grade from which a document answers: over none where grades are whole, else two thirds of the way up."""
        found = [grade for judged in self.grades.values() for grade in judged.values()]
        return 1.0 if not self.lowest else round(self.lowest + (max(found) - self.lowest) * 2 / 3, 2)


def read(folder: Path, part: str) -> Beir:
    """Read a folder; only the queries that the part judges.

    Raises:
        BadFolder: a file is missing, a line is not what it must be, or an id is unknown or there twice.
    """
    corpus, queries = _found(folder / "corpus.jsonl"), _found(folder / "queries.jsonl")
    documents = {id: Document(row[0], row[1]) for id, row in _rows(corpus, ("title", "text"))}
    asked = {id: row[0] for id, row in _rows(queries, ("text",))}
    grades = _grades(_found(folder / "qrels" / f"{part}.tsv"), documents, asked)
    return Beir(documents, {id: asked[id] for id in grades}, grades)


def _found(path: Path) -> Path:
    for candidate in (path, path.with_name(f"{path.name}.gz")):
        if candidate.is_file():
            return candidate
    raise BadFolder(
        f"{path}: is missing; a test has corpus.jsonl, queries.jsonl and qrels/<part>.tsv, plain or as .gz."
    )


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line.rstrip("\n")
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
        raise BadFolder(f"{path}: cannot be read as UTF-8 text ({error}).") from error


def _rows(path: Path, fields: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    seen: set[str] = set()
    for number, line in _lines(path):
        rule = f"each line is a JSON object with `_id`, {', '.join(f'`{field}`' for field in fields)}, all texts"
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("_id"), str):
            raise BadFolder(f"{path}, line {number}: has no text `_id`; {rule}.")
        texts = [row.get(field, "") for field in fields]
        if not all(isinstance(text, str) for text in texts) or not any(text.strip() for text in texts):
            raise BadFolder(f"{path}, line {number}: has no text; {rule}, at least one not empty.")
        if row["_id"] in seen:
            raise BadFolder(f"{path}, line {number}: `_id` {row['_id']} is there twice; each is there once.")
        seen.add(row["_id"])
        yield row["_id"], texts
    if not seen:
        raise BadFolder(f"{path}: is empty; it holds one JSON object a line.")


def _grades(
    path: Path, documents: Mapping[str, Document], queries: Mapping[str, str]
) -> dict[str, dict[str, float]]:  # fmt: skip
    grades: dict[str, dict[str, float]] = {}
    lines = _lines(path)
    number, header = next(lines, (1, ""))
    if header.split("\t") != HEADER:
        raise BadFolder(f"{path}, line {number}: is {header!r}; the first line is {'<tab>'.join(HEADER)}.")
    for number, line in lines:
        query, document, grade = _judged(path, number, line)
        for id, known, file in ((query, queries, "queries"), (document, documents, "corpus")):
            if id not in known:
                raise BadFolder(f"{path}, line {number}: {id!r} is not in {file}.jsonl; only known ids are judged.")
        grades.setdefault(query, {})[document] = grade
    if not grades:
        raise BadFolder(f"{path}: judges nothing; it holds one judgement a line.")
    return grades


def _judged(path: Path, number: int, line: str) -> tuple[str, str, float]:
    columns = line.split("\t")
    try:
        query, document, grade = columns[0], columns[1], float(columns[2])
    except (IndexError, ValueError):
        columns = []
    if len(columns) != len(HEADER) or not 0 <= grade < float("inf"):
        raise BadFolder(f"{path}, line {number}: {line!r} has not a query, a document and a grade of 0 or more.")
    return query, document, grade
