"""Run llama.cpp's own OpenAI-compatible server inside this process: the child that the launcher starts."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

SLOTS = 4
"""Prompts kept ready side by side: one for each role, and one spare."""

PARKED = 2048
"""MiB of memory for prompts that lost their slot: about 28 KB a token for 1.5 billion parameters."""

CONTEXT = 8192
"""Tokens that one request may use, prompt and answer together."""


def main(argv: list[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models.serving.llama_cpp", description=__doc__)
    parser.add_argument("--gguf", type=Path, required=True, help="weights, a GGUF file")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--alias", default="local", help="the model's name in the API")
    parser.add_argument("--context", type=int, default=CONTEXT, help="tokens per request")
    parser.add_argument("--slots", type=int, default=SLOTS, help="prompts kept cached side by side")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(argv)
    if not options.gguf.is_file():
        print(f"There is no weights file at {options.gguf}.", file=sys.stderr)
        return 2
    serve(
        options.gguf,
        host=options.host,
        port=options.port,
        alias=options.alias,
        context=options.context,
        slots=options.slots,
        threads=options.threads,
    )
    return 0


def serve(
    gguf: Path,
    *,
    host: str,
    port: int,
    alias: str,
    context: int = CONTEXT,
    slots: int = SLOTS,
    threads: int = 2,
) -> None:
    """Serve the weights at `host:port` until a signal asks to stop."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads collapse on a busy machine
    import xllamacpp

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    params = xllamacpp.CommonParams()
    params.model.path = str(gguf)
    params.model_alias = {alias}
    params.hostnames = [host]
    params.port = port
    params.n_parallel = slots
    params.n_ctx = context * slots
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.use_jinja = True
    params.endpoint_metrics = True
    params.ui = False
    params.cors_origins = f"http://{host}"  # no page of the web may talk to it
    params.cors_origins_explicit = True
    params.cache_ram_mib = PARKED
    server = xllamacpp.Server(params)
    print(f"listening at {server.listening_address}", flush=True)
    while not stop.wait(3600):
        pass
    os._exit(0)  # its threads hold no state worth a slow goodbye


if __name__ == "__main__":
    sys.exit(main())
