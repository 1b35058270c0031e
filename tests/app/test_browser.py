"""The shop in a real browser: sign in, ask, see, decide."""

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from sqlalchemy import func, select

from agent.assistant import Assistant
from agent.events import Delta, Event, Said
from shop.tables import Audit, Order, Return, Turn
from shop.wording import say
from tests.app.conftest import HOSTILE, House
from tests.scripted import call
from tests.shop import small

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Visit = Callable[..., "Page"]


def sign_in(page: "Page", email: str = "ann@small.shop") -> None:
    page.click("button[data-act=account]")
    page.fill("#email input", email)
    page.fill("#password input", small.PASSWORD)
    page.click("#enter")
    page.wait_for_selector(".who")


def ask(page: "Page", text: str) -> None:
    """Send a message and wait until its answer stands."""
    before = page.locator("#past .exchange").count()
    page.fill("#box textarea", text)
    page.press("#box textarea", "Enter")
    page.wait_for_function(
        "n => document.querySelectorAll('#past .exchange').length > n && !document.querySelector('#live .exchange')",
        arg=before,
    )


def status(house: House, order: int) -> str:
    with house.database.session() as db:
        return db.get_one(Order, order).status


def test_a_shopper_asks_in_chinese_returns_an_order_and_confirms_once(house: House, visit: Visit) -> None:
    page = visit("zh-CN")
    page.click("button[data-act=account]")
    page.click(".crowd button")  # one of the people to look around as: fills the form
    page.wait_for_function("document.querySelector('#password input').value")
    page.click("#enter")
    page.wait_for_selector(".who")

    house.says(call("search_products", query="防水外套"), "")
    ask(page, "我想买一件防水外套")
    assert page.locator(".card").count() >= 1
    assert "防水外套" in page.inner_text(".cards")

    house.says(call("return_order", order_id=small.DELIVERED, reason="damaged"), "")
    ask(page, f"我要退订单{small.DELIVERED}，收到时已经损坏")
    assert status(house, small.DELIVERED) == "delivered"
    page.dblclick("button[data-act=confirm]")
    page.wait_for_selector(".settled.confirmed")
    page.wait_for_timeout(500)  # the second click, too, has been answered by now
    assert status(house, small.DELIVERED) == "return_requested"
    with house.database.session() as db:
        asked = select(func.count()).select_from(Return).where(Return.order_id == small.DELIVERED)
        assert db.scalar(asked) == 1
        assert db.scalar(select(func.count()).select_from(Audit).where(Audit.tool == "return_order")) == 1

    page.reload()
    page.wait_for_selector(".settled.confirmed")
    assert page.locator(".exchange").count() == 2
    assert page.locator(".card").count() >= 1


def test_the_conversation_outlives_the_process(house: House, visit: Visit) -> None:
    page = visit("de")
    sign_in(page, "bob@small.shop")
    house.says(call("return_order", order_id=small.MIXED, reason="damaged"), "")
    ask(page, f"Ich möchte Bestellung {small.MIXED} zurückgeben, sie ist kaputt")
    house.stage.transcripts.__init__(house.stage.world)  # type: ignore[misc]  # as after a restart
    page.reload()
    page.wait_for_selector("button[data-act=reject]")
    assert str(small.MIXED) in page.inner_text(".proposal")
    page.click("button[data-act=reject]")
    page.wait_for_selector(".settled.rejected")
    assert status(house, small.MIXED) == "delivered"


def test_a_title_with_a_script_stays_a_title(house: House, visit: Visit) -> None:
    page = visit("zh-CN")
    house.says(call("search_products", query="防水外套"), "")
    ask(page, "我想买一件防水外套")
    assert HOSTILE in page.inner_text(".cards")
    assert page.evaluate("window.hit") is None


def test_nothing_is_fetched_from_elsewhere(house: House, visit: Visit) -> None:
    visit("en").wait_for_timeout(500)
    assert len(house.fetched) > 10
    assert {url for url in house.fetched if not url.startswith((house.url, "data:", "blob:"))} == set()


@pytest.mark.parametrize(
    ("locale", "language", "direction"),
    [("zh-CN", "zh", "ltr"), ("ar-EG", "ar", "rtl"), ("pt-BR", "pt", "ltr"), ("nl-NL", "en", "ltr")],
)
def test_a_guest_reads_the_page_in_the_browsers_language(
    visit: Visit, locale: str, language: str, direction: str
) -> None:
    page = visit(locale)
    assert page.inner_text(".welcome h2") == say("ui.welcome", language)
    assert page.get_attribute("html", "dir") == direction
    assert page.get_attribute("#box textarea", "placeholder") == say("ui.message", language)


def test_the_menu_changes_every_word(visit: Visit) -> None:
    page = visit("en")
    page.select_option("select[data-act=language]", "ja")
    page.wait_for_function("document.documentElement.lang === 'ja'")
    assert page.inner_text(".welcome h2") == say("ui.welcome", "ja")
    assert say("ui.new_conversation", "ja") in page.inner_text("#new")


def test_a_wrong_password_is_told_in_one_sentence(visit: Visit) -> None:
    page = visit("en")
    page.click("button[data-act=account]")
    page.fill("#email input", "ann@small.shop")
    page.fill("#password input", "guess")
    page.click("#enter")
    page.wait_for_selector("#account-error .failed")
    assert page.inner_text("#account-error") == say("error.sign_in", "en")
    assert page.locator(".who").count() == 0


def test_a_merchant_sees_the_desk_and_a_shopper_does_not(house: House, visit: Visit) -> None:
    page = visit("de")
    sign_in(page, "merchant@small.shop")
    page.wait_for_selector(".panels")
    assert "501" in page.inner_text(".panel.tickets")
    assert page.locator(".panel svg.plot").count() >= 1
    page.click("button[data-act=leave]")
    page.wait_for_selector("button[data-act=account]")
    sign_in(page)
    assert page.locator(".panels").count() == 0


def test_a_thumb_is_kept_and_taken_back(house: House, visit: Visit) -> None:
    page = visit("en")
    house.says(call("find_policy", question="return window"), "")
    ask(page, "How long is the return window?")
    page.click(".thumbs .up")
    page.wait_for_selector(".thumbs .up[aria-pressed=true]")
    turn = int(page.get_attribute(".thumbs .up", "data-value").split(":")[0])  # type: ignore[union-attr]
    with house.database.session() as db:
        assert db.get_one(Turn, turn).thumb == 1
    page.click(".thumbs .up")
    page.wait_for_selector(".thumbs .up[aria-pressed=false]")
    with house.database.session() as db:
        assert db.get_one(Turn, turn).thumb is None


def test_a_photo_is_shown_and_a_text_called_jpg_is_refused(house: House, visit: Visit, tmp_path: Path) -> None:
    page = visit("en")
    Image.new("RGB", (60, 40), "teal").save(tmp_path / "bag.png")
    (tmp_path / "notes.jpg").write_text("not a picture")
    page.set_input_files("#box input[type=file]", str(tmp_path / "notes.jpg"))
    page.wait_for_selector("#box .thumbnails, #box [data-testid*=thumb], #box img")
    page.press("#box textarea", "Enter")
    page.wait_for_selector(".failed")
    assert page.inner_text(".failed") == say("error.photo_kind", "en", name="notes.jpg")

    page.set_input_files("#box input[type=file]", str(tmp_path / "bag.png"))
    page.wait_for_selector("#box .thumbnails, #box [data-testid*=thumb], #box img")
    house.says("", "")
    ask(page, "What is this?")
    assert re.match("data:image/jpeg;base64,", page.get_attribute(".asked img", "src") or "")


def test_a_new_conversation_begins_empty(house: House, visit: Visit) -> None:
    page = visit("en")
    house.says(call("find_policy", question="customs"), "")
    ask(page, "Who pays customs?")
    page.click("#new")
    page.wait_for_selector(".welcome")
    assert page.locator(".exchange").count() == 0


def test_stop_keeps_what_was_said_and_the_next_message_works(
    house: House, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()

    def slowly(*_: object) -> Iterator[Event]:
        yield Delta("Let me think")
        released.wait(20)
        yield Said("Too late.", "en")

    page = visit("en")
    with monkeypatch.context() as patched:
        patched.setattr(Assistant, "reply", slowly)
        page.fill("#box textarea", "Hello?")
        page.press("#box textarea", "Enter")
        page.wait_for_selector("#live .writing")
        page.click("#box .stop-button")
        page.wait_for_selector("#past .notice")
        released.set()
    assert say("ui.stopped", "en") in page.inner_text("#past")
    assert "Let me think" in page.inner_text("#past")
    house.says(call("find_policy", question="customs"), "")
    ask(page, "Who pays customs?")
    assert page.locator("#past .exchange").count() == 2
    assert "Too late." not in page.inner_text("#past")


def test_a_bug_of_ours_is_told_with_a_reference_and_the_next_message_works(
    house: House, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Iterator[Event]:
        raise RuntimeError("a bug")

    page = visit("en")
    with monkeypatch.context() as patched:
        patched.setattr(Assistant, "reply", broken)
        ask(page, "Hello?")
    assert re.search(r"\b[0-9a-f]{8}\b", page.inner_text(".failed"))
    assert "a bug" not in page.inner_text("#past")
    house.says(call("find_policy", question="customs"), "")
    ask(page, "Who pays customs?")
    assert page.locator("#past .exchange").count() == 2


def test_a_very_long_message_is_answered_in_one_sentence(house: House, visit: Visit) -> None:
    page = visit("en")
    page.fill("#box textarea", "long " * 20_000)
    page.press("#box textarea", "Enter")
    page.wait_for_selector("#past .said")
    assert page.inner_text("#past .said") == say("talk.too_long", "en", limit=4000)
