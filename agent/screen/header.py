"""The line at the top: name, language, currency, and who is signed in."""

from babel import Locale
from babel.numbers import get_currency_name
from markupsafe import Markup

from agent.screen.drawings import MARK
from agent.screen.markup import el
from agent.screen.visits import Seat
from shop import rates
from shop.people import Actor, Role
from shop.wording import LANGUAGES, say

RIGHT_TO_LEFT = frozenset({"ar"})
CURRENCIES = (
    "USD",
    "EUR",
    "GBP",
    "CNY",
    "JPY",
    "KRW",
    "BRL",
    "MXN",
    "TRY",
    "INR",
    "CAD",
    "AUD",
    "CHF",
    "PLN",
    "SEK",
)

EVENTS = """
const known = ['language', 'currency', 'account', 'leave'];
element.addEventListener('change', (e) => {
  const menu = e.target.closest('select[data-act]');
  if (menu && known.includes(menu.dataset.act)) trigger(menu.dataset.act, {value: menu.value});
});
element.addEventListener('click', (e) => {
  const button = e.target.closest('button[data-act]');
  if (button && known.includes(button.dataset.act)) trigger(button.dataset.act, {value: ''});
});
const follow = () => {
  const top = element.querySelector('header[data-dir]');
  if (!top) return;
  document.documentElement.dir = top.dataset.dir;
  document.documentElement.lang = top.dataset.lang;
  element.querySelectorAll('select').forEach((menu) => { menu.value = menu.dataset.now; });
};
watch('value', follow);
follow();
"""


def header(seat: Seat, actor: Actor | None, name: str) -> Markup:
    """Draw the line for a seat; without an actor it is a guest's."""
    language = seat.language or "en"
    return el(
        "header",
        el(
            "div", MARK, el("span", "Haitao", cls="name"), el("span", "海淘", cls="han", lang="zh"),
            cls="brand",
        ),
        el("p", say("ui.tagline", language), cls="tagline"),
        el("nav", _languages(language), _currency(seat, actor, language), _account(actor, name, language)),
        cls="top", data_dir="rtl" if language in RIGHT_TO_LEFT else "ltr", data_lang=language,
    )  # fmt: skip


def _languages(language: str) -> Markup:
    options = (
        el(
            "option",
            str(Locale.parse(tag).display_name).capitalize(),
            value=tag,
            lang=tag,
            selected=tag == language,
        )
        for tag in LANGUAGES
    )
    return el("select", *options, data_act="language", data_now=language, aria_label=say("ui.language", language))


def _currency(seat: Seat, actor: Actor | None, language: str) -> Markup:
    """A guest chooses; an account's currency is the account's."""
    label = say("ui.currency", language)
    if actor is not None and actor.role is not Role.GUEST:
        return el("span", actor.currency, cls="currency", title=label)
    choice = [code for code in dict.fromkeys((seat.currency, *CURRENCIES)) if code in rates.currencies()]
    options = (
        el(
            "option",
            code,
            value=code,
            title=get_currency_name(code, locale=language),
            selected=code == seat.currency,
        )
        for code in choice
    )
    return el("select", *options, data_act="currency", data_now=seat.currency, aria_label=label)


def _account(actor: Actor | None, name: str, language: str) -> Markup:
    if actor is None or actor.role is Role.GUEST:
        return el("button", say("ui.sign_in", language), type="button", data_act="account", cls="primary")
    who = el(
        "span",
        el("bdi", name),
        el("small", say(f"ui.role.{actor.role.value}", language)),
        cls="who",
    )
    return el(
        "span",
        who,
        el("button", say("ui.sign_out", language), type="button", data_act="leave"),
        cls="account",
    )
