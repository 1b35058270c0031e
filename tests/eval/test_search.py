"""A search test of one's own is read or refused with file, line and rule; rankings are judged as arithmetic says."""

import gzip
import json
from collections.abc import Callable
from math import log2
from pathlib import Path

import pytest

from eval import beir, ranking, wanted
from eval.ranking import Judged
from eval.search import folder as judged_folder
from eval.search import run
from shop.demo import catalogue
from tests.retrieval.shelf import use

CORPUS = [("d1", "Hiking backpack", "40 litres"), ("d2", "Electric kettle", ""), ("d3", "Desk lamp", "white")]
QUERIES = [("q1", "backpack for hiking"), ("q2", "kettle"), ("q3", "never judged")]
JUDGED = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq2\td2\t1\n"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    rows = [json.dumps({"_id": id, "title": title, "text": text}) for id, title, text in CORPUS]
    (tmp_path / "corpus.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    asked = "\n".join(json.dumps({"_id": id, "text": text}) for id, text in QUERIES)
    (tmp_path / "queries.jsonl.gz").write_bytes(gzip.compress(asked.encode()))
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "dev.tsv").write_text(JUDGED, "utf-8")
    return tmp_path


def test_a_folder_is_read_plain_or_compressed(small: Path) -> None:
    test = beir.read(small, "dev")
    assert list(test.documents) == ["d1", "d2", "d3"]
    assert test.queries == {"q1": "backpack for hiking", "q2": "kettle"}
    assert test.grades["q1"] == {"d1": 2.0, "d2": 0.0}
    assert (test.lowest, test.relevant) == (0.0, 1.0)


def test_grades_that_are_means_are_relevant_from_two_thirds_up(small: Path) -> None:
    (small / "qrels" / "dev.tsv").write_text(JUDGED.replace("\t0\n", "\t1.33\n").replace("\t2\n", "\t3\n"), "utf-8")
    test = beir.read(small, "dev")
    assert test.lowest == 1.0
    assert test.relevant == pytest.approx(1 + 2 * 2 / 3, abs=0.01)


def _corpus(line: str) -> Callable[[Path], object]:
    return lambda folder: (folder / "corpus.jsonl").write_text(line, "utf-8")


def _qrels(text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / "qrels" / "dev.tsv").write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_corpus('{"_id": "d1", "title": "x"}\nnot json\n'), r"corpus\.jsonl, line 2: has no text `_id`; each line is"),
        (_corpus('{"_id": 7, "title": "x"}'), r"corpus\.jsonl, line 1: has no text `_id`"),
        (_corpus('{"_id": "d1", "title": " "}'), r"corpus\.jsonl, line 1: has no text; .* not empty"),
        (_corpus('{"_id": "d1", "title": 7}'), r"corpus\.jsonl, line 1: has no text"),
        (_corpus('{"_id": "d1", "title": "x"}\n' * 2), r"corpus\.jsonl, line 2: `_id` d1 is there twice"),
        (_corpus(""), r"corpus\.jsonl: is empty"),
        (_qrels("q1\td1\t2\n"), r"dev\.tsv, line 1: .* the first line is"),
        (_qrels(JUDGED + "q1\td9\t1\n"), r"dev\.tsv, line 5: 'd9' is not in corpus\.jsonl"),
        (_qrels(JUDGED + "q9\td1\t1\n"), r"dev\.tsv, line 5: 'q9' is not in queries\.jsonl"),
        (_qrels(JUDGED + "q1\td1\tmuch\n"), r"dev\.tsv, line 5: .* a grade of 0 or more"),
        (_qrels(JUDGED + "q1\td1\n"), r"dev\.tsv, line 5: "),
        (_qrels(JUDGED.splitlines()[0] + "\n"), r"dev\.tsv: judges nothing"),
        (lambda folder: (folder / "queries.jsonl.gz").write_bytes(b"no gzip"), r"queries\.jsonl\.gz: cannot be read"),
        (lambda folder: (folder / "queries.jsonl.gz").unlink(), r"queries\.jsonl: is missing"),
    ],
)
def test_a_malformed_folder_is_refused(
    small: Path, spoil: Callable[[Path], object], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(small)
    with pytest.raises(beir.BadFolder, match=said):
        beir.read(small, "dev")
    assert run(["--data", str(small), "--part", "dev"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_folder_is_judged_beside_each_part_alone(small: Path) -> None:
    report = judged_folder(beir.read(small, "dev"), "small/dev", use())
    assert report.metrics["recall@10"].value == 1.0
    assert report.metrics["recall@10"].n == 2
    assert set(report.metrics["ndcg@10"].baselines) == {"dense", "lexical"}


def test_a_ranking_is_judged_as_arithmetic_says() -> None:
    one = Judged(["b", "a", "c"], {"a": 3.0, "c": 1.0}, frozenset({"a"}))
    assert ranking.recall(one, 1) == 0.0
    assert ranking.recall(one, 2) == 1.0
    assert ranking.reciprocal(one) == 1 / 2
    assert ranking.ndcg(one) == pytest.approx((3 / log2(3) + 1 / log2(4)) / (3 / log2(2) + 1 / log2(3)))
    assert ranking.reciprocal(Judged([], {}, frozenset({"a"}))) == 0.0


def test_our_queries_are_many_and_each_has_an_answer() -> None:
    drafts = list(catalogue.drafts())
    dev, test = (wanted.queries(drafts, part) for part in wanted.PARTS)
    assert all(query.right for query in [*dev, *test, *wanted.earlier(drafts)])
    assert len([query for query in [*dev, *test] if query.group == "meaning"]) >= 600
    assert len({query.language for query in test}) == 12
    assert not {query.query for query in dev if query.group == "meaning"} & {query.query for query in test}


def test_questions_name_rules_that_there_are() -> None:
    from shop import policies

    known = {passage.id for passage in policies.passages("en")} | {"~"}
    asked = [question for part in wanted.PARTS for question in wanted.questions(part)]
    assert {passage for _, _, passage in asked} == known
    assert sum(passage == "~" for _, _, passage in asked) >= 30
    assert len(list(wanted.absent("dev"))) == len(list(wanted.absent("test"))) == 12 * 15
