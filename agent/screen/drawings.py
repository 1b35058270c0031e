"""Drawings of goods: one line drawing per category, tinted in the product's colour. Nothing is fetched."""

from markupsafe import Markup

_LINES = {
    "clothing": "M38 30l12 8h20l12-8 18 14-10 16-8-6v40H38V54l-8 6-10-16z",
    "shoes": "M24 52c10 6 18 6 26-6l10 10c10 8 22 8 34 14 4 2 6 8 4 14H24c-4-10-4-22 0-32zM24 76h74M60 56l-6 8M68 62l-6 8",
    "bags": "M32 46h56l8 46H24zM46 54V40c0-20 28-20 28 0v14",
    "outdoor": "M60 26L22 92h76zM60 26v30M60 56L44 92h32z",
    "sports": "M60 26a34 34 0 100 68 34 34 0 100-68zM28 48c18 8 18 16 0 26M92 48c-18 8-18 16 0 26M60 26v68",
    "electronics": "M26 34h68v42H26zM18 88h84M48 76l-4 12M72 76l4 12M54 66h12",
    "phone-accessories": "M44 22h32c4 0 6 2 6 6v64c0 4-2 6-6 6H44c-4 0-6-2-6-6V28c0-4 2-6 6-6zM38 34h44M38 84h44M56 91h8",
    "kitchen": "M28 48h58v28c0 10-6 16-14 16H42c-8 0-14-6-14-16zM86 54h8c10 0 10 18 0 18h-8M44 38c-4-6 4-8 0-14M58 38c-4-6 4-8 0-14M72 38c-4-6 4-8 0-14",
    "home": "M46 24h28l14 34H32zM60 58v32M42 92h36M74 58v12",
    "groceries": "M60 42c-16-12-36 0-32 22 4 20 18 34 32 26 14 8 28-6 32-26 4-22-16-34-32-22zM60 42c0-8 4-16 12-18",
    "beauty": "M48 52h24v42H48zM52 52V38h16v14M52 38l16-14v14M48 66h24",
    "toys": "M60 44a24 24 0 100 48 24 24 0 100-48zM42 26a10 10 0 100 20 10 10 0 100-20zM78 26a10 10 0 100 20 10 10 0 100-20zM52 62v2M68 62v2M52 76c4 6 12 6 16 0",
    "stationery": "M34 24h46v72H34zM46 24v72M56 42h14M56 54h14M90 34v46l4 10 4-10V34z",
    "pets": "M60 58c-14 0-26 18-20 28 6 8 14 2 20 2s14 6 20-2c6-10-6-28-20-28zM38 46a7 9 0 100 18 7 9 0 100-18zM82 46a7 9 0 100 18 7 9 0 100-18zM52 28a7 9 0 100 18 7 9 0 100-18zM68 28a7 9 0 100 18 7 9 0 100-18z",
}  # fmt: skip
_BOX = "M28 44l32-16 32 16v34L60 94 28 78zM28 44l32 16 32-16M60 60v34M44 36l32 16"
_COLOURS = {
    "black": "#3a3f47", "white": "#f4f2ec", "grey": "#9aa1ab", "silver": "#c3c9d1", "navy": "#2f4673",
    "blue": "#4d86c6", "light-blue": "#9cc7e8", "red": "#cf5a4f", "pink": "#e6a3b6", "green": "#6a9f6e",
    "olive": "#8b8f55", "yellow": "#e8c65a", "orange": "#e2934a", "brown": "#95704f", "beige": "#dcc9a8",
    "purple": "#8f76b8", "turquoise": "#5fb3ad", "gold": "#cfae5b", "cream": "#efe4cd", "teal": "#3f8c87",
}  # fmt: skip
_GROUNDS = ("#eef4f3", "#f6f1e9", "#eef1f8", "#f7eeee", "#f1f5ea")


THUMB = Markup(
    '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round">'
    '<path d="M7 10v10H3V10zM7 10l5-7c2 0 3 1.4 2.6 3.4L14 9h5c1.4 0 2.3 1.2 2 2.6l-1.5 6.6c-.2 1-1.2 1.8-2.2 1.8H7"/></svg>'
)


def picture(category: str, colour: str | None, seed: int) -> Markup:
    """Draw the goods of a category as SVG; the colour by name, the ground by `seed` (a product's id)."""
    tint = _COLOURS.get((colour or "").lower(), "#cfdcda")
    return Markup(
        '<svg class="drawing" viewBox="0 0 120 120" preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">'
        '<rect width="120" height="120" fill="{}"/><circle cx="{}" cy="62" r="46" fill="#fff" opacity=".55"/>'
        '<path d="{}" fill="{}" stroke="#25444a" stroke-width="2.4" stroke-linejoin="round" stroke-linecap="round"/>'
        "</svg>"
    ).format(_GROUNDS[seed % len(_GROUNDS)], 52 + seed % 17, _LINES.get(category, _BOX), tint)
