"""Serve the page: start Gradio, and stop it again."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.middleware import Middleware

from agent.screen import style
from agent.screen.page import build
from agent.screen.stage import Stage
from agent.screen.visits import VisitCookie

MOST_UPLOADED = "40mb"
"""Larger uploads are cut off on their way; what a picture may have is in `photos`."""


@contextmanager
def serve(stage: Stage, *, host: str, port: int, share: bool = False) -> Iterator[str]:
    """Serve the page in a thread of its own; yields its address and stops it at the end of the block."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    page = build(stage)
    _, local, public = page.launch(
        server_name=host,
        server_port=port,
        share=share,
        theme=style.theme(),
        css=style.css(),
        js=style.SCRIPT,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        quiet=True,
        prevent_thread_lock=True,
        max_file_size=MOST_UPLOADED,
        app_kwargs={"middleware": [Middleware(VisitCookie, visits=stage.visits)]},
    )
    if share:
        print(f"Shared at {public}" if public else "No share link: its server cannot be reached.", flush=True)
    try:
        yield local
    finally:
        page.close(verbose=False)
