"""How the page looks: theme, style sheet, and the one script that follows the conversation."""

from functools import cache
from pathlib import Path

import gradio as gr
from gradio.themes.utils.fonts import Font

SCRIPT = """
() => {
  const talk = document.querySelector('#talk');
  if (!talk) return;
  let count = 0, waits = false;
  const follow = () => {
    waits = false;
    const all = talk.querySelectorAll('.exchange');
    if (all.length !== count && all.length) {
      const last = all[all.length - 1];
      talk.scrollTop += last.getBoundingClientRect().top - talk.getBoundingClientRect().top - 12;
    }
    count = all.length;
  };
  new MutationObserver(() => { if (!waits) { waits = true; requestAnimationFrame(follow); } })
    .observe(talk, {childList: true, subtree: true});
}
"""
"""A new question is scrolled to the top, so that its answer is read from its beginning."""


@cache
def css() -> str:
    """Read the style sheet."""
    return Path(__file__).with_name("look.css").read_text(encoding="utf-8")


def theme() -> gr.themes.Base:
    """Make a calm light theme from the reader's own fonts; nothing is fetched."""
    base = gr.themes.Base(
        primary_hue="teal", secondary_hue="teal", neutral_hue="stone", font=[Font("sans-serif")],
        font_mono=[Font("monospace")], radius_size="lg",
    )  # fmt: skip
    return base.set(
        button_primary_background_fill="#0f766e", button_primary_background_fill_hover="#0b5a54",
        button_secondary_background_fill="#ffffff", button_secondary_background_fill_hover="#f1f5f3",
        button_secondary_border_color="#dfe7e6",
        input_background_fill="#ffffff",
        input_border_color="#dfe7e6",
        block_border_width="0px",
        block_background_fill_dark="transparent",
        body_background_fill_dark="#10181a",
        input_background_fill_dark="#10181a",
        button_primary_background_fill_dark="#1f9c90",
        button_secondary_background_fill_dark="#172226",
        button_secondary_background_fill_hover_dark="#1d2a2e",
        button_secondary_text_color_dark="#e4ecec",
        border_color_primary_dark="#2b3b40", block_background_fill="transparent", body_background_fill="#fbfaf7",
    )  # fmt: skip
