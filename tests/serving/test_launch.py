"""A server starts, answers and ends, whatever happens: with real processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from models.serving import guard
from models.serving.engines import Engine, Plan
from models.serving.errors import LaunchError
from models.serving.launch import free_port, launch, running

Tiny = Callable[..., Plan]


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/v1/models", timeout=1, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def ends(port: int) -> bool:
    """Wait a little for the server to be gone."""
    for _ in range(100):
        if not answers(port):
            return True
        time.sleep(0.1)
    return False


def test_it_answers_within_the_block_and_is_gone_after_it(tmp_path: Path, tiny_server: Tiny) -> None:
    port = free_port()
    with running(tiny_server(port), port, tmp_path / "log", kind=Engine.VLLM) as server:
        assert server.url == f"http://127.0.0.1:{port}/v1"
        assert server.is_healthy()
    assert not answers(port)


def test_it_is_stopped_when_the_block_raises(tmp_path: Path, tiny_server: Tiny) -> None:
    port = free_port()
    with (
        pytest.raises(KeyboardInterrupt),
        running(tiny_server(port), port, tmp_path / "log", kind=Engine.VLLM),
    ):
        raise KeyboardInterrupt
    assert not answers(port)


def test_a_server_deaf_to_sigterm_is_killed(tmp_path: Path, tiny_server: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    plan = tiny_server(port, deaf=True)
    process = subprocess.Popen([sys.executable, "-c", IMPATIENT, *plan.command], stdin=subprocess.PIPE)
    while not answers(port):
        time.sleep(0.05)
    assert process.stdin
    process.stdin.close()
    assert process.wait(10) == -signal.SIGKILL % 256
    assert not answers(port)


IMPATIENT = f"""
import sys
sys.path.insert(0, {str(Path(guard.__file__).parents[2])!r})
from models.serving import guard
guard.PATIENCE = 0.3
sys.exit(guard.main(sys.argv[1:]) % 256)
"""


def test_a_server_that_dies_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    plan = Plan([sys.executable, "-c", "print('no such flag'); raise SystemExit(3)"], "tiny", 20.0)
    with (
        pytest.raises(LaunchError, match=r"ended with status 3 .*\n    no such flag") as caught,
        running(plan, free_port(), tmp_path / "log", kind=Engine.LLAMA_CPP),
    ):
        pass
    assert caught.value.log == tmp_path / "log"


def test_a_server_too_slow_is_given_up_and_stopped(tmp_path: Path, tiny_server: Tiny) -> None:
    port = free_port()
    plan = tiny_server(port, slow=60.0, seconds=0.5)
    with (
        pytest.raises(LaunchError, match="did not answer within"),
        running(plan, port, tmp_path / "log", kind=Engine.VLLM),
    ):
        pass
    assert not answers(port)


def test_a_server_that_dies_later_ends_the_wait(tmp_path: Path, tiny_server: Tiny) -> None:
    port = free_port()
    with running(tiny_server(port), port, tmp_path / "log", kind=Engine.VLLM) as server:
        os.kill(server.process.pid, signal.SIGTERM)
        with pytest.raises(LaunchError, match="vllm ended"):
            server.wait()
        assert not server.is_healthy()


def test_the_server_ends_when_its_parent_is_killed(tmp_path: Path, tiny_server: Tiny) -> None:
    port = free_port()
    command = [sys.executable, guard.__file__, *tiny_server(port).command]
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *command], start_new_session=True, stdout=subprocess.DEVNULL
    )
    while not answers(port):
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    assert ends(port)


PARENT = """
import subprocess, sys, time
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, start_new_session=True)
time.sleep(600)
"""


def test_a_port_in_use_is_refused(tmp_path: Path, tiny_server: Tiny) -> None:
    port = free_port()
    with (
        running(tiny_server(port), port, tmp_path / "log", kind=Engine.VLLM),
        pytest.raises(LaunchError, match=f"Port {port} is in use"),
        launch(Engine.LLAMA_CPP, cache=tmp_path, port=port),
    ):
        pass


def test_no_engine_starts_nothing(tmp_path: Path) -> None:
    with launch(Engine.NONE, cache=tmp_path) as server:
        assert server is None
    assert list(tmp_path.iterdir()) == []
