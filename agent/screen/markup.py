"""HTML that is safe by construction: whatever is not Markup is escaped."""

from functools import cache
from typing import TypeAlias

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

Part: TypeAlias = str | int | Markup | None

EMPTY = Markup("")
VOID = frozenset({"img", "input", "br", "circle", "path", "rect", "line", "polyline", "ellipse"})
LONGEST = 20_000
"""Characters of one text that are drawn; the rest is cut off."""


def el(name: str, *inside: Part, **attributes: str | int | bool | None) -> Markup:
    """Write an element. Text is escaped; `cls` is class, `data_act` is data-act, True is a bare attribute."""
    written = Markup("").join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID and not inside:
        return Markup("<{}{}/>").format(name, written)
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, join(*inside))


def join(*parts: Part) -> Markup:
    """Put parts after one another, escaping what is not Markup."""
    return Markup("").join(escape(part) for part in parts if part is not None)


def rich(text: str) -> Markup:
    """Draw the little Markdown that models write: emphasis, lists, tables, code.

    HTML, links and pictures stay text: nothing must run in the page or make the browser fetch anything.
    """
    return Markup(_markdown().render(text[:LONGEST]))  # noqa: S704  (html=False: the renderer escapes)


@cache
def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False})
    reader.enable("table")
    return reader.disable(
        ["link", "image", "autolink", "reference", "html_block", "html_inline", "heading", "lheading"]
    )


def _attribute(key: str, value: str | int | bool | None) -> Markup:
    if value is None or value is False:
        return EMPTY
    name = "class" if key == "cls" else key.rstrip("_").replace("_", "-")
    return Markup(" {}").format(name) if value is True else Markup(' {}="{}"').format(name, value)
