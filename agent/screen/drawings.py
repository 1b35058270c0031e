"""Drawings of goods: one line drawing per category, tinted in the product's colour. Nothing is fetched."""

from functools import cache
from pathlib import Path
from typing import TypedDict

import yaml
from markupsafe import Markup

THUMB = Markup(
    '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round">'
    '<path d="M7 10v10H3V10zM7 10l5-7c2 0 3 1.4 2.6 3.4L14 9h5c1.4 0 2.3 1.2 2 2.6l-1.5 6.6'
    'c-.2 1-1.2 1.8-2.2 1.8H7"/></svg>'
)
MARK = Markup(
    '<svg class="mark" viewBox="0 0 48 48" aria-hidden="true">'
    '<rect width="48" height="48" rx="13" fill="#0f766e"/>'
    '<path d="M15 15l9-4 9 4v10l-9 4-9-4zM15 15l9 4 9-4M24 19v10" fill="none" stroke="#fff"'
    ' stroke-width="2.2" stroke-linejoin="round"/>'
    '<path d="M9 34c4-4 7-4 10 0s6 4 10 0 6-4 10 0" fill="none" stroke="#99f6e4" '
    'stroke-width="2.6" stroke-linecap="round"/></svg>'
)
"""The mark: a parcel over a wave."""


class _Pens(TypedDict):
    lines: dict[str, str]
    box: str
    colours: dict[str, str]
    grounds: list[str]


def picture(category: str, colour: str | None, seed: int) -> Markup:
    """Draw the goods of a category as SVG; the colour by name, the ground by `seed` (a product's id)."""
    pens = _pens()
    return Markup(
        '<svg class="drawing" viewBox="0 0 120 120" preserveAspectRatio="xMidYMid slice" aria-hidden="true">'
        '<rect width="120" height="120" fill="{}"/><circle cx="{}" cy="62" r="46" fill="#fff" opacity=".55"/>'
        '<path d="{}" fill="{}" stroke="#25444a" stroke-width="2.4" stroke-linejoin="round" '
        'stroke-linecap="round"/></svg>'
    ).format(
        pens["grounds"][seed % len(pens["grounds"])],
        52 + seed % 17,
        pens["lines"].get(category, pens["box"]),
        pens["colours"].get((colour or "").lower(), "#cfdcda"),
    )


@cache
def _pens() -> _Pens:
    file = Path(__file__).with_name("drawings.yaml")
    pens: _Pens = yaml.safe_load(file.read_text(encoding="utf-8"))
    return pens
