"""Merchants' questions with what they ask for, in twelve languages, as they stand in `questions/analytics.yaml`."""

import argparse
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.scenario import BadScenario

HERE = Path(__file__).parent / "questions" / "analytics.yaml"


class Wanted(BaseModel):
    """What a question asks for, in canonical form."""

    model_config = ConfigDict(extra="forbid")

    measure: str
    period: tuple[date, date] | None = None
    against: tuple[date, date] | None = None
    now: bool = False
    by: str | None = None
    keep: dict[str, list[str]] = Field(default_factory=dict)
    drop: dict[str, list[str]] = Field(default_factory=dict)
    name: str | None = None
    order: str | None = None
    top: int | None = None
    currency: str | None = None


class Template(BaseModel):
    """One meaning in several languages; without `ask` it cannot be answered."""

    model_config = ConfigDict(extra="forbid")

    id: str
    who: str = Field(alias="as")
    part: Literal["dev", "test"] = "dev"
    ask: Wanted | None = None
    say: dict[str, str | list[str]]


@dataclass(frozen=True)
class Case:
    """One question in one language."""

    template: Template
    language: str
    lines: tuple[str, ...]


def chosen(options: argparse.Namespace) -> list[Case]:
    """The questions of a part. Raises BadScenario for a file that is not right."""
    path = options.data or HERE
    try:
        templates = [Template.model_validate(one) for one in yaml.safe_load(path.read_text("utf-8"))]
    except (ValidationError, yaml.YAMLError, TypeError, OSError) as error:
        raise BadScenario(f"{path}: {error}") from error
    wanted = [one for one in templates if options.data or options.part in ("all", one.part)]
    cases = [
        Case(one, language, tuple([said] if isinstance(said, str) else said))
        for one in wanted for language, said in one.say.items()
        if not options.languages or language in options.languages
    ]  # fmt: skip
    if not cases:
        raise BadScenario("No question is left by that choice.")
    return cases[:: max(len(cases) // options.limit, 1)][: options.limit] if options.limit else cases
