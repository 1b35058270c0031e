"""Uploaded pictures: what is shown, and what is refused in one sentence."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from agent.screen import photos
from shop.errors import ShopError


def saved(folder: Path, name: str, image: Image.Image, **options: object) -> Path:
    path = folder / name
    image.save(path, **options)  # type: ignore[arg-type]
    return path


def refusal(*files: Path) -> str:
    with pytest.raises(ShopError) as caught:
        photos.check(files)
    return caught.value.key


def size_of(photo: photos.Photo) -> tuple[int, int]:
    return Image.open(io.BytesIO(photo.jpeg)).size


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif"])
def test_a_picture_of_each_kind_is_read(tmp_path: Path, name: str) -> None:
    (photo,) = photos.check([saved(tmp_path, name, Image.new("RGB", (40, 20), "red"))])
    assert size_of(photo) == (40, 20)
    assert photo.preview.startswith("data:image/jpeg;base64,")


@pytest.mark.parametrize("mode", ["CMYK", "L", "1", "RGB"])
def test_a_jpeg_of_any_colours_becomes_rgb(tmp_path: Path, mode: str) -> None:
    (photo,) = photos.check([saved(tmp_path, "a.jpg", Image.new(mode, (8, 8)))])
    assert Image.open(io.BytesIO(photo.jpeg)).mode == "RGB"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "I;16"])
def test_a_png_of_any_colours_becomes_rgb(tmp_path: Path, mode: str) -> None:
    (photo,) = photos.check([saved(tmp_path, "a.png", Image.new(mode, (8, 8)))])
    assert Image.open(io.BytesIO(photo.jpeg)).mode == "RGB"


def test_what_is_transparent_lies_on_white(tmp_path: Path) -> None:
    (photo,) = photos.check([saved(tmp_path, "a.png", Image.new("RGBA", (8, 8), (0, 0, 0, 0)))])
    assert Image.open(io.BytesIO(photo.jpeg)).getpixel((4, 4)) == (255, 255, 255)


def test_a_picture_is_turned_as_its_exif_says(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: turn by 90 degrees
    (photo,) = photos.check([saved(tmp_path, "a.jpg", Image.new("RGB", (40, 20)), exif=exif)])
    assert size_of(photo) == (20, 40)


def test_where_a_picture_was_taken_is_forgotten(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    (photo,) = photos.check([saved(tmp_path, "a.jpg", Image.new("RGB", (8, 8)), exif=exif)])
    assert not Image.open(io.BytesIO(photo.jpeg)).getexif()


def test_a_moving_picture_shows_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("blue", "red", "lime")]
    (photo,) = photos.check([saved(tmp_path, "a.gif", frames[0], save_all=True, append_images=frames[1:])])
    red, _, blue = Image.open(io.BytesIO(photo.jpeg)).getpixel((4, 4))  # type: ignore[misc]
    assert blue > 200 > red


def test_too_many_frames_are_refused(tmp_path: Path) -> None:
    frames = [Image.new("L", (2, 2), n % 256) for n in range(photos.MOST_FRAMES + 1)]
    assert refusal(saved(tmp_path, "a.gif", frames[0], save_all=True, append_images=frames[1:])) == "error.photo_frames"


@pytest.mark.parametrize(
    "content", [b"", b"just a text", b"<svg onload='alert(1)'/>", b"%!PS-Adobe-3.0 EPSF-3.0", bytes(99)]
)
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    (path := tmp_path / "photo.jpg").write_bytes(content)
    assert refusal(path) == "error.photo_kind"


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif"])
def test_a_truncated_picture_is_refused(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path, name, Image.effect_noise((200, 200), 90).convert("RGB"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert refusal(path) == "error.photo_kind"


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(60_000 // 8 * 1000))
    (path := tmp_path / "bomb.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
    assert refusal(path) == "error.photo_pixels"


def test_more_pixels_than_fit_are_refused(tmp_path: Path) -> None:
    assert refusal(saved(tmp_path, "a.png", Image.new("1", (8000, 5001)))) == "error.photo_pixels"


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (path := tmp_path / "a.jpg").write_bytes(bytes(photos.MOST_BYTES + 1))
    assert refusal(path) == "error.photo_size"


def test_fifty_pictures_are_refused(tmp_path: Path) -> None:
    assert refusal(*[saved(tmp_path, "a.png", Image.new("RGB", (2, 2)))] * 50) == "error.photo_count"


def test_a_refusal_is_said_in_the_readers_language(tmp_path: Path) -> None:
    (path := tmp_path / "notes.jpg").write_bytes(b"just a text")
    with pytest.raises(ShopError) as caught:
        photos.check([path])
    assert "notes.jpg" in caught.value.words("en")
