"""The Hugging Face hub, where it can be reached; its own variables (HF_HUB_OFFLINE, HF_ENDPOINT) are honoured."""

from pathlib import Path

SECONDS = 4.0
"""How long an unreachable hub may hold up the start."""


def reachable() -> bool:
    """Tell whether the hub answers within a few seconds and is not switched off."""
    import httpx
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return False
    try:
        return httpx.head(constants.ENDPOINT, timeout=SECONDS, follow_redirects=True).status_code < 500
    except httpx.HTTPError:
        return False


def has(model: str) -> bool:
    """Tell whether an earlier run has left the model in the hub's cache on this machine."""
    from huggingface_hub import try_to_load_from_cache

    return isinstance(try_to_load_from_cache(model, "config.json"), str)


def download(repository: str, file: str, folder: Path) -> Path | None:
    """Download one file into the folder, resuming an earlier try; None where the hub fails to give it."""
    import httpx
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError

    try:
        return Path(hf_hub_download(repository, file, local_dir=folder, etag_timeout=SECONDS))
    except (HfHubHTTPError, httpx.HTTPError, OSError):
        return None
