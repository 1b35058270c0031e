"""Text that came from outside, made safe to store."""

from shop.errors import ShopError

LONGEST = 4000


def storable(text: str) -> str:
    """Drop what no database takes: NUL characters and halves of surrogate pairs."""
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "")


def prose(text: str, limit: int = LONGEST) -> str:
    """Strip a text and cut it at `limit` characters. An empty one raises ShopError `error.text_empty`."""
    clean = storable(text).strip()
    if not clean:
        raise ShopError("error.text_empty")
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def line(text: str) -> str:
    """Make one line: blanks of every kind become single spaces, none at the ends."""
    return " ".join(storable(text).split())
