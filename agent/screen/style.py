"""How the page looks: theme, style sheet, and the one script that follows the conversation."""

from functools import cache
from pathlib import Path

import gradio as gr
from gradio.themes.utils.fonts import Font

SCRIPT = """
() => {
  const talk = document.querySelector('#talk');
  if (!talk) return;
  let follows = true;
  talk.addEventListener('scroll', () => { follows = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 160; });
  new MutationObserver(() => { if (follows) talk.scrollTop = talk.scrollHeight; })
    .observe(talk, {childList: true, subtree: true, characterData: true});
}
"""


@cache
def css() -> str:
    """Read the style sheet."""
    return Path(__file__).with_name("look.css").read_text(encoding="utf-8")


def theme() -> gr.themes.Base:
    """Make a calm light theme from the reader's own fonts; nothing is fetched."""
    return gr.themes.Base(
        primary_hue="teal", secondary_hue="teal", neutral_hue="stone", font=[Font("sans-serif")],
        font_mono=[Font("monospace")], radius_size="lg",
    )  # fmt: skip
