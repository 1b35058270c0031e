"""Real HTTP servers that do what a language model's server should not."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Behave = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Reads the request and leaves the answer to its server's `behave`."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.is_streamed = bool(asked.get("stream"))
        behave: Behave = self.server.behave  # type: ignore[attr-defined]
        behave(self)

    def say(self, text: str | None) -> None:
        """Answer as a good server does: with these words, streamed if that was asked for."""
        if self.is_streamed:
            self.answer(chunk(text or "") + b"data: [DONE]\n\n", "text/event-stream")
        else:
            self.answer(completion(text))

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def answer(self, body: bytes, kind: str = "application/json", status: int = 200, length: int | None = None) -> None:
        """Send a response; with a `length` that is not the body's it ends too early."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


@contextmanager
def serving(behave: Behave) -> Iterator[str]:
    """Run a server; its base URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.behave = behave  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def completion(content: str | None) -> bytes:
    """A chat completion as OpenAI's API writes it."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps(
        {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
    ).encode()


def chunk(content: str) -> bytes:
    """A piece of a streamed completion."""
    choice = {"index": 0, "delta": {"role": "assistant", "content": content}, "finish_reason": None}
    data = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(data).encode() + b"\n\n"
