"""Take the pictures of the documentation from a running shop: `python -m tests.app.screenshots http://127.0.0.1:7860`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from shop.demo.cast import PASSWORD
from tests.app.conftest import CHROMIUM, FLAGS

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PATIENCE = 240_000


def main(url: str) -> None:
    """Sign in as three of the demo's people, talk to the shop, and keep what the screen shows."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = enter(browser, url, "zh-CN", "mei@demo.shop")
        ask(page, "我想买一个防水的登山背包，不超过800元")
        keep(page, "shopper")
        page = enter(browser, url, "de-DE", "nordvik@demo.shop", width=1440)
        page.wait_for_selector(".panels")
        ask(page, "Welche Bestellungen warten auf den Versand?")
        keep(page, "merchant")
        page = enter(browser, url, "ar-AE", "layla@demo.shop")
        ask(page, "أين طردي؟")
        keep(page, "arabic")
        browser.close()


def enter(browser: Browser, url: str, locale: str, email: str, width: int = 1280) -> Page:
    """Open the page and sign in."""
    page = browser.new_page(locale=locale, viewport={"width": width, "height": 900})
    page.goto(url)
    page.wait_for_selector(".welcome")
    page.click("button[data-act=account]")
    page.fill("#email input", email)
    page.fill("#password input", PASSWORD)
    page.click("#enter")
    page.wait_for_selector(".who")
    page.click("#new")
    page.wait_for_selector(".welcome")
    return page


def ask(page: Page, text: str) -> None:
    """Send a message and wait for its answer."""
    page.fill("#box textarea", text)
    page.press("#box textarea", "Enter")
    page.wait_for_selector("#past .thumbs", timeout=PATIENCE)
    page.mouse.move(0, 0)
    page.wait_for_timeout(800)


def keep(page: Page, name: str) -> None:
    """Write a picture."""
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1])
