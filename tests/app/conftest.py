"""The page in a real browser: the small shop with a scripted chat model, served to Debian's Chromium."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import settings
from agent import world as worlds
from agent.assistant import Assistant
from agent.llm import LanguageModel
from agent.screen import serving
from agent.screen.stage import Person, Stage
from agent.screen.transcripts import Transcripts
from agent.screen.visits import Visits
from models.serving.launch import free_port
from retrieval import source
from retrieval.index import ProductIndex
from shop.database import Database, connect
from shop.people import Role, hash_password
from shop.tables import ProductText, User
from tests.scripted import ScriptedChat
from tests.shop import small

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
HOSTILE = "防水外套 <img src=x onerror='window.hit=1'><script>window.hit=1</script>"


@dataclass
class House:
    """A served shop, and what its chat model will say."""

    url: str
    database: Database
    chat: ScriptedChat
    stage: Stage
    fetched: list[str] = field(default_factory=list)

    def says(self, *steps: object) -> None:
        """Tell the chat model its next steps."""
        self.chat.steps[:] = steps


@pytest.fixture(scope="session")
def house(small_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The small shop behind the page, once for all tests of the browser."""
    folder = tmp_path_factory.mktemp("house")
    database = connect(f"sqlite:///{shutil.copy(small_sqlite, folder / 'shop.db')}")
    _prepare(database)
    encoder = worlds.load_encoder("use")
    with database.session() as db:
        ProductIndex.build(source.items(db), encoder).save(folder / "index")
    world = worlds.build(database, folder / "index", encoder, clock=lambda: small.NOW)
    chat = ScriptedChat()
    assistant = Assistant(world, worlds.intent(encoder, settings.load().cache), LanguageModel(chat))
    people = (Person("ann@small.shop", "Ann", Role.SHOPPER, "zh", "US"),)
    port = free_port()
    stage = Stage(world, assistant, Visits(f"haitao_{port}"), Transcripts(world), people, small.PASSWORD)
    with serving.serve(stage, host="127.0.0.1", port=port) as url:
        yield House(url, database, chat, stage)


def _prepare(database: Database) -> None:
    """Let Ann read Chinese, let everybody sign in, and let a merchant write a hostile title."""
    with database.session() as db:
        for user in db.query(User):
            user.password = user.password or hash_password(small.PASSWORD)
        ann = db.get_one(User, small.ANN)
        ann.language = "zh"
        db.add(ProductText(product_id=small.JACKET, language="zh", title=HOSTILE, description=HOSTILE))


@pytest.fixture(scope="module")  # Playwright's event loop is not left to other tests
def browser() -> Iterator["Browser"]:
    """Chromium, or a skipped test that says why."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here; on Debian: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def visit(house: House, browser: "Browser") -> Iterator[Callable[..., "Page"]]:
    """Open the page as a new visitor, with the language of the browser."""
    house.fetched.clear()
    contexts: list[Any] = []

    def opened(locale: str = "zh-CN") -> "Page":
        context = browser.new_context(locale=locale, viewport={"width": 1280, "height": 860})
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: house.fetched.append(request.url))
        page.goto(house.url)
        page.wait_for_selector(".welcome")
        return page

    yield opened
    for context in contexts:
        context.close()
