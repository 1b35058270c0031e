"""`python -m models`: serve the language model, fetch or convert its weights, or hold what looks like fraud."""

import argparse
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import settings
from models.serving import engines, weights
from models.serving.convert import to_hf
from models.serving.errors import LaunchError
from models.serving.launch import launch
from shop.database import connect
from shop.errors import ShopError


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    server = commands.add_parser("serve", help="serve the language model until Ctrl-C")
    server.add_argument("--engine", choices=list(engines.Engine), help="default: what fits this machine")
    server.add_argument("--port", type=int, default=8081)
    commands.add_parser("fetch", help="download and check the default weights")
    converter = commands.add_parser("convert", help="write the weights as a bf16 Hugging Face folder")
    converter.add_argument("--out", type=Path, help="default: beside the weights")
    commands.add_parser("risk", help="hold suspicious orders within the policy's limit; run it as often as orders come")
    options = parser.parse_args(argv)
    try:
        match options.command:
            case "serve":
                serve(options.engine, options.port)
            case "fetch":
                print(fetch())
            case "convert":
                print(convert(options.out))
            case "risk":
                print(held())
    except (LaunchError, ShopError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def serve(engine: str | None, port: int) -> None:
    """Serve until SIGTERM or Ctrl-C; raises LaunchError when the server cannot be started."""
    known = settings.load()
    chosen = engines.choose(engine or known.engine)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with launch(chosen, cache=known.cache, gguf=known.llm_gguf, model=known.llm_model, port=port) as server:
        if server is None:
            print("The engine `none` serves nothing.")
            return
        print(f"SHOP_LLM_URL={server.url} SHOP_LLM_MODEL={server.model}   (Ctrl-C stops it)", flush=True)
        server.wait()


def fetch() -> Path:
    """Return the path of the checked weights."""
    known = settings.load()
    return weights.fetch(known.cache, gguf=known.llm_gguf)


def convert(out: Path | None) -> Path:
    """Return the folder with the weights in bf16."""
    gguf = fetch()
    return to_hf(gguf, out or gguf.with_name(f"{gguf.stem}-bf16"))


def held() -> str:
    """Say how many orders were held, and how many wait for an operator."""
    from models.risk.act import act

    with connect(settings.load().database).session() as db:
        acted = act(db, datetime.now(UTC))
    return f"Held {acted.held} orders; {acted.left} above the limit wait for an operator."


if __name__ == "__main__":
    sys.exit(main())
