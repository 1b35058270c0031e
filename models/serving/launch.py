"""Start a model server, wait until it answers, and stop it again: the one launcher for every engine."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from models.serving import engines, guard
from models.serving.engines import Engine, Plan
from models.serving.errors import LaunchError
from models.serving.progress import Say, show

HEARTBEAT = 15.0
"""Seconds between two progress lines of a slow start."""


@dataclass(frozen=True)
class Server:
    """A running server: `url` is the OpenAI base URL, ending in /v1."""

    url: str
    model: str
    kind: Engine
    native_calls: bool
    log: Path
    process: subprocess.Popen[bytes] = field(repr=False, compare=False)
    """Its guard; the server runs in a process group of its own below it."""

    def is_healthy(self) -> bool:
        """Tell whether the server answers at this moment."""
        return _answers(self.url)

    def wait(self) -> None:
        """Wait until the server ends by itself, which is an error: raises LaunchError."""
        status = self.process.wait()
        raise LaunchError(f"{self.kind.value} ended with status {status}.", self.log)


@contextmanager
def launch(
    engine: Engine,
    *,
    cache: Path,
    gguf: Path | None = None,
    model: str | None = None,
    port: int | None = None,
    say: Say = show,
) -> Iterator[Server | None]:
    """Start the engine's server, yield it when it has answered, and stop it at the end of the block.

    `none` yields None. `port` is a free one by default; `model` is a hub name for vLLM on a GPU; `gguf` is a file of
    the user's own. The server ends with the block, with Ctrl-C, and with this process however that dies.
    Raises LaunchError, one sentence with the end of the log, when it cannot be started.
    """
    if engine is Engine.NONE:
        yield None
        return
    at = free_port() if port is None else taken_or(port)
    plan = engines.plan(engine, cache=cache, port=at, gguf=gguf, model=model, say=say)
    log = cache / "logs" / f"{engine.value}-{at}.log"
    with running(plan, at, log, kind=engine, say=say) as server:
        yield server


@contextmanager
def running(plan: Plan, port: int, log: Path, *, kind: Engine, say: Say = show) -> Iterator[Server]:
    """Run the plan's command with its output in the log; yield it once it has answered."""
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with log.open("w") as out:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, guard.__file__, *plan.command],
            env={**os.environ, **plan.variables},
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(f"http://127.0.0.1:{port}/v1", plan.model, kind, plan.native_calls, log, process)
    try:
        say(f"Starting {kind.value} with {plan.model} at {server.url} (log: {log})")
        _wait(server, process, plan.seconds, say)
        say(f"{kind.value} answers after {time.monotonic() - started:.1f} s")
        yield server
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the server: its guard asks the whole process group to end, waits, then kills it."""
    if process.stdin:
        with contextlib.suppress(OSError):
            process.stdin.close()
    try:
        process.wait(guard.PATIENCE + 4.0)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """Return a TCP port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def taken_or(port: int) -> int:
    """Return the port; raises LaunchError when somebody listens on it already."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise LaunchError(f"Port {port} is in use already; choose another one (SHOP_PORT for the chat).")
    return port


def _wait(server: Server, process: subprocess.Popen[bytes], seconds: float, say: Say) -> None:
    """Wait until the server has completed a token; raises LaunchError when it dies or takes too long."""
    name, started = server.kind.value, time.monotonic()
    spoken = started
    while not (_answers(server.url) and _completes(server)):
        now = time.monotonic()
        if process.poll() is not None:
            raise LaunchError(f"{name} ended with status {process.returncode} before it answered.", server.log)
        if now - started > seconds:
            raise LaunchError(f"{name} did not answer within {seconds:.0f} s.", server.log)
        if now - spoken > HEARTBEAT:
            say(f"  … {now - started:.0f} s")
            spoken = now
        time.sleep(0.25)


def _answers(url: str) -> bool:
    """Tell whether the server lists its models."""
    import httpx

    try:
        return httpx.get(f"{url}/models", timeout=3.0, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _completes(server: Server) -> bool:
    """Tell whether the server completes one token."""
    import httpx

    body = {"model": server.model, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1}
    try:
        answer = httpx.post(f"{server.url}/chat/completions", json=body, timeout=120.0, trust_env=False)
    except httpx.HTTPError:
        return False
    return answer.status_code == httpx.codes.OK
