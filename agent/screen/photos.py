"""Checks of uploaded pictures: what is not a readable picture of a sane size is refused in one sentence."""

import base64
import io
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from shop.errors import ShopError

MOST_PICTURES = 4
MOST_BYTES = 8_000_000
MOST_PIXELS = 40_000_000
MOST_FRAMES = 200
KINDS = ("JPEG", "PNG", "WEBP", "GIF")
"""Only these decoders are tried: fewer doors for a hostile file."""
SIDE, PREVIEW_SIDE = 1600, 360

_UNREADABLE = (
    OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, OverflowError, KeyError,
    struct.error, zlib.error,
)  # fmt: skip


@dataclass(frozen=True)
class Photo:
    """A picture that was checked: upright, RGB, at most 1600 pixels a side, written anew as JPEG."""

    jpeg: bytes
    preview: str


def check(files: Sequence[Path], names: Sequence[str] | None = None) -> tuple[Photo, ...]:
    """Read uploaded files as pictures.

    Raises ShopError `error.photo_count`, `error.photo_size`, `error.photo_kind`, `error.photo_pixels` or
    `error.photo_frames`: the first that holds.
    """
    if len(files) > MOST_PICTURES:
        raise ShopError("error.photo_count", number=len(files), limit=MOST_PICTURES)
    return tuple(_read(file, name) for file, name in zip(files, names or [f.name for f in files], strict=True))


def _read(file: Path, name: str) -> Photo:
    short = name if len(name) <= 40 else name[:37] + "…"
    if file.stat().st_size > MOST_BYTES:
        raise ShopError("error.photo_size", name=short, limit=MOST_BYTES // 1_000_000)
    try:
        with Image.open(file, formats=KINDS) as image:
            _measure(image, short)
            upright = _plain(image)
    except Image.DecompressionBombError as error:
        raise ShopError("error.photo_pixels", name=short, limit=MOST_PIXELS // 1_000_000) from error
    except _UNREADABLE as error:
        raise ShopError("error.photo_kind", name=short) from error
    return Photo(
        _jpeg(upright, SIDE),
        "data:image/jpeg;base64," + base64.b64encode(_jpeg(upright, PREVIEW_SIDE)).decode(),
    )


def _measure(image: Image.Image, name: str) -> None:
    """Look at what the file's head promises, before anything is unpacked."""
    if image.width * image.height > MOST_PIXELS:
        raise ShopError("error.photo_pixels", name=name, limit=MOST_PIXELS // 1_000_000)
    if getattr(image, "n_frames", 1) > MOST_FRAMES:
        raise ShopError("error.photo_frames", name=name, limit=MOST_FRAMES)


def _plain(image: Image.Image) -> Image.Image:
    """Unpack the first frame, turn it as its EXIF says, and lay it on white."""
    image.seek(0)
    image.load()
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((SIDE, SIDE))
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        ground = Image.new("RGBA", upright.size, "white")
        return Image.alpha_composite(ground, upright.convert("RGBA")).convert("RGB")
    if upright.mode.startswith(("I", "F")):
        upright = upright.convert("I").point(lambda level: level / 256).convert("L")
    return upright.convert("RGB")


def _jpeg(image: Image.Image, side: int) -> bytes:
    small = image.copy()
    small.thumbnail((side, side))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=82)
    return out.getvalue()
