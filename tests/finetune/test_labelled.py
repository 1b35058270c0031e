from pathlib import Path

import pytest

from finetune.labelled import BadData, Example, divide, read


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_csv_and_jsonl_say_the_same(tmp_path: Path) -> None:
    csv = written(tmp_path, "a.csv", "\ufefftext,label,language\nhello,greet,en\n")
    jsonl = written(tmp_path, "a.jsonl", '{"text": "hello", "label": "greet", "language": "en"}\n')
    assert read(csv) == read(jsonl) == [Example("hello", "greet", "en", "")]


def test_a_folder_is_all_its_files(tmp_path: Path) -> None:
    written(tmp_path, "b.csv", "text,label\nbye,leave\n")
    written(tmp_path, "a.csv", "text,label\nhello,greet\n")
    assert [example.text for example in read(tmp_path)] == ["hello", "bye"]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.csv", "text,label\nhello,\n", "row 2: needs a text and a label"),
        ("a.csv", "words,kind\nhello,greet\n", "row 2: needs a text and a label"),
        ("a.csv", "text,label,part\nhello,greet,train\nbye,leave,later\n", "row 3: part is train, dev or test"),
        ("a.csv", "", "has no rows"),
        ("a.jsonl", '{"text": "hello", "label": "greet"}\n{oops\n', "row 2: is not JSON"),
        ("a.jsonl", "[1, 2]\n", "row 1: needs a text and a label"),
    ],
)
def test_bad_data_is_named_by_file_and_row(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    with pytest.raises(BadData, match=rf"{name}.*{sentence}"):
        read(written(tmp_path, name, text))


def test_a_missing_or_binary_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="cannot be read"):
        read(tmp_path / "none.csv")
    (tmp_path / "b.csv").write_bytes(b"text,label\n\xff\xfe,x\n")
    with pytest.raises(BadData, match="is not UTF-8"):
        read(tmp_path / "b.csv")


def test_the_column_part_decides_the_split() -> None:
    rows = [Example("a", "x", "", "train"), Example("b", "x", "", "dev"), Example("c", "y", "", "")]
    assert divide(rows, seed=7) == ([rows[0]], [rows[1]])


def test_without_parts_each_label_keeps_its_share() -> None:
    rows = [Example(str(at), "xy"[at % 2], "", "") for at in range(40)]
    seen, held = divide(rows, seed=7)
    assert (len(seen), len(held)) == (34, 6)
    assert sum(row.label == "x" for row in held) == 3


def test_too_few_examples_are_refused() -> None:
    with pytest.raises(BadData, match="at least seven"):
        divide([Example("a", "x", "", ""), Example("b", "y", "", "")], seed=7)
