"""Start the shop: database, search index, language model, and the chat at http://127.0.0.1:7860."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("OMP_NUM_THREADS", "1")


from sqlalchemy import select

import settings
from agent import llm, warm
from agent import world as worlds
from agent.assistant import Assistant
from agent.llm import LanguageModel
from agent.screen import serving
from agent.screen.stage import Stage, people_of
from agent.screen.transcripts import Transcripts
from agent.screen.visits import Visits
from models.serving import engines
from models.serving.errors import LaunchError
from models.serving.launch import launch, taken_or
from settings import ROOT, Settings
from shop import database
from shop.database import Database
from shop.demo.cast import PASSWORD
from shop.errors import ShopError
from shop.tables import Product

PROBLEM = 2


def main() -> int:
    """Set up what is missing, serve until Ctrl-C, and stop everything that was started."""
    known = settings.load()
    for sent in (signal.SIGINT, signal.SIGTERM):  # a shell's background jobs are born ignoring the first
        signal.signal(sent, signal.default_int_handler)
    try:
        taken_or(known.port)
        prepare(known)
        with ExitStack() as started:
            model = language_model(known, started)
            if model is not None:
                warm.in_background(model)
            stage = open_stage(known, model)
            started.enter_context(serving.serve(stage, host=known.host, port=known.port, share=known.share))
            print(f"\nHaitao is open at http://{known.host}:{known.port}   (Ctrl-C stops it)", flush=True)
            wait()
        print("\nStopped.")
        return 0
    except (LaunchError, ShopError, OSError) as error:
        print(error, file=sys.stderr)
    except subprocess.CalledProcessError as error:
        print(f"This step did not work, and has said why: {' '.join(error.cmd[1:])}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0
    return PROBLEM


def wait() -> None:
    """Wait for Ctrl-C or SIGTERM: by a flag, for an exception raised inside a library's callback would be lost."""
    told = threading.Event()
    for sent in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sent, lambda *_: told.set())
    told.wait()
    for sent in (signal.SIGINT, signal.SIGTERM):  # a second one ends the shutdown as well
        signal.signal(sent, signal.default_int_handler)


def prepare(known: Settings) -> None:
    """Build the demo shop where there is no shop, and the search index where it is missing or old."""
    shop = database.connect(known.database)
    if has_goods(shop):
        shop.create()
    else:
        print("Building the demo shop", flush=True)
        _run("shop", "demo")
    shop.engine.dispose()
    _run("retrieval", "build")


def has_goods(shop: Database) -> bool:
    """Tell whether there is anything in the shop; tables alone are left by a build that was broken off."""
    if not shop.is_ready():
        return False
    with shop.session() as db:
        return db.scalar(select(Product.id).limit(1)) is not None


def language_model(known: Settings, started: ExitStack) -> LanguageModel | None:
    """Connect to the server that the settings name, or start one; without one the shop answers by itself."""
    if known.llm_url:
        return llm.connect(
            known.llm_url,
            known.llm_model or "default",
            key=known.llm_key,
            answers=known.llm_answers or "model",
            native_calls=known.llm_native_calls,
            timeout=known.llm_timeout,
        )
    try:
        engine = engines.choose(known.engine)
        server = started.enter_context(launch(engine, cache=known.cache, gguf=known.llm_gguf, model=known.llm_model))
    except LaunchError as error:
        print(f"{error}\nGoing on without a language model: the shop answers by itself.", file=sys.stderr)
        return None
    if server is None:
        return None
    return llm.connect(
        server.url,
        server.model,
        answers=known.llm_answers or ("model" if server.native_calls else "tools"),
        native_calls=server.native_calls,
        timeout=known.llm_timeout,
    )


def open_stage(known: Settings, model: LanguageModel | None) -> Stage:
    """Open everything that lives as long as the process."""
    shop = database.connect(known.database)
    encoder = worlds.load_encoder(known.encoder)
    world = worlds.build(shop, known.index, encoder, sanctions=known.sanctions)
    assistant = Assistant(world, worlds.intent(encoder, known.cache), model)
    people = people_of(shop, PASSWORD)
    return Stage(world, assistant, Visits(f"haitao_{known.port}"), Transcripts(world), people, PASSWORD)


def _run(*module: str) -> None:
    """Run one of our commands, which tells its progress itself."""
    subprocess.run([sys.executable, "-m", *module], cwd=ROOT, check=True)  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
