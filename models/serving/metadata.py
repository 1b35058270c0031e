"""Read what a GGUF file says about itself."""

from typing import TYPE_CHECKING

from models.serving.errors import LaunchError

if TYPE_CHECKING:
    from gguf import GGUFReader


def field(reader: "GGUFReader", key: str) -> object:
    """Return one metadata value of the file; raises LaunchError where it is missing."""
    found = reader.get_field(key)
    if found is None:
        raise LaunchError(f"The GGUF file lacks the field {key}.")
    value: object = found.contents()
    return value
