"""`python -m tools docs [--check]`: write docs/tools.md from the code, or tell whether it is up to date."""

import argparse
import sys
from pathlib import Path

from tools import TOOLS, Tool

PAGE = Path(__file__).parent.parent / "docs" / "tools.md"
HEAD = """# Tools

Made from the code by `python -m tools docs`; do not edit. A tool is a plain function: its signature is the schema,
its docstring the prompt. A write is only proposed by a call; it happens when the person signed in presses Confirm.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, _table(), *map(_section, TOOLS.values())])


def main() -> int:
    """Write or check; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools", description=__doc__)
    parser.add_argument("what", choices=["docs"])
    parser.add_argument("--check", action="store_true", help="only tell whether the page is up to date")
    options = parser.parse_args()
    if not options.check:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    print("docs/tools.md is out of date; run: python -m tools docs", file=sys.stderr)
    return 1


def _table() -> str:
    rows = [f"| `{tool.name}` | {_roles(tool)} | {'yes' if tool.writes else ''} |" for tool in TOOLS.values()]
    return "\n".join(["| tool | who | writes |", "|---|---|---|", *rows, ""])


def _roles(tool: Tool) -> str:
    return ", ".join(sorted(tool.roles))


def _section(tool: Tool) -> str:
    lines = [f"## {tool.name}", "", tool.summary, ""]
    for name, field in tool.arguments.model_fields.items():
        needed = " (needed)" if field.is_required() else ""
        lines.append(f"- `{name}`{needed}: {field.description or ''}")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
