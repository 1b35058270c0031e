"""What holds for every tool, and for the folders' borders."""

import inspect
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest

from agent.loop import describe, prompt
from models.intent import LABELS
from shop.people import Role
from shop.wording import LANGUAGES, catalogue, has
from tools import TOOLS, Tool, of
from tools import __main__ as page
from tools.base import CUSTOMERS, STAFF

EVERY = pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
WHO = {"user", "shop", "actor", "buyer", "customer", "merchant", "role", "session", "email"}


@EVERY
def test_a_tool_is_documented_argument_by_argument(tool: Tool) -> None:
    assert tool.summary.endswith(".")
    assert "Args:" not in tool.summary
    for name, field in tool.arguments.model_fields.items():
        assert field.description, name


@EVERY
def test_nothing_is_documented_that_is_no_argument(tool: Tool) -> None:
    documented = inspect.getdoc(tool.body) or ""
    lines = [line.strip() for line in documented.partition("Args:")[2].splitlines() if line.startswith("    ")]
    assert {line.split(":")[0] for line in lines if line} == set(tool.arguments.model_fields)


@EVERY
def test_no_argument_names_a_person_or_a_shop(tool: Tool) -> None:
    for name in tool.arguments.model_fields:
        assert not WHO & set(name.split("_")), name


@EVERY
def test_arguments_are_plain(tool: Tool) -> None:
    text = str(tool.arguments.model_json_schema())
    assert "object" not in text.replace("'type': 'object'", "", 1)
    assert "return" in get_type_hints(tool.body)


@EVERY
def test_somebody_may_use_it(tool: Tool) -> None:
    assert tool.roles
    assert tool.roles <= set(Role)
    assert all(tool in of(role) for role in tool.roles)


@EVERY
def test_it_has_words_in_every_language(tool: Tool) -> None:
    keys = [f"tool.{tool.name}"]
    keys += [f"argument.{name}" for name in tool.arguments.model_fields] if tool.writes else []
    assert all(key in catalogue(language) for key in keys for language in LANGUAGES)


@EVERY
def test_each_of_its_choices_has_words(tool: Tool) -> None:
    properties = tool.arguments.model_json_schema()["properties"]
    for choice in properties.get("reason", {}).get("enum", ()):
        assert has(f"reason.{choice}")
    if tool.name == "order_queue":
        assert all(has(f"queue.{choice}") for choice in properties["status"]["enum"])


@EVERY
def test_the_classifier_and_the_prompt_know_it(tool: Tool) -> None:
    assert tool.name in LABELS
    assert all(describe(tool) in prompt(role) for role in tool.roles)


@pytest.mark.parametrize("desk", [CUSTOMERS, STAFF])
def test_a_desks_prompt_is_one_and_names_its_tools_only(desk: frozenset[Role]) -> None:
    (text,) = {prompt(role) for role in desk}
    listed = {line[2:].partition(":")[0].partition(" ")[0] for line in text.splitlines() if line.startswith("- ")}
    assert listed & TOOLS.keys() == {tool.name for tool in TOOLS.values() if tool.roles & desk}


def test_the_page_of_the_tools_names_everything() -> None:
    text = page.page()
    for tool in TOOLS.values():
        assert f"## {tool.name}" in text
        assert all(f"- `{name}`" in text for name in tool.arguments.model_fields)


def test_the_check_of_the_page_tells_whether_it_is_fresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(page, "PAGE", tmp_path / "tools.md")
    monkeypatch.setattr(sys, "argv", ["tools", "docs", "--check"])
    assert page.main() == 1
    assert "python -m tools docs" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["tools", "docs"])
    assert page.main() == 0
    monkeypatch.setattr(sys, "argv", ["tools", "docs", "--check"])
    assert page.main() == 0


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("tools", ("torch", "transformers", "faiss", "sentence_transformers", "langchain", "langchain_core", "gradio")),
        ("shop", ("numpy", "torch", "faiss", "langchain_core", "gradio")),
        ("agent.assistant", ("torch", "faiss", "sentence_transformers", "gradio", "settings")),
    ],
)
def test_importing_loads_nothing_heavy(module: str, heavy: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["app", "agent.loop", "agent.choose", "agent.wishes"])
def test_a_module_can_be_the_first_that_is_imported(module: str) -> None:
    done = subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
