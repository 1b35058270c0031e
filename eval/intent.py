"""How often does the intent classifier name the right tool or reply?

`python -m eval intent [--data FILE] [--json]`: our held-out messages, or labelled text of one's own (its held-out rows
where it has a column `part`, else all).
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import settings
from eval.report import Metric, Report
from finetune.intent import OUT, tested
from finetune.labelled import OURS, TRAIN, BadData, read
from models import tuned
from models.card import Card
from models.intent import Intent

PROBLEM = 2


def run(arguments: Sequence[str]) -> int:
    """Print the figures, with `--json` as one object on the last line; 2 if the data or the weights are bad."""
    parser = argparse.ArgumentParser("python -m eval intent", description=__doc__)
    parser.add_argument("--data", type=Path, default=OURS, help="CSV or JSONL: text, label, language, part")
    parser.add_argument("--weights", type=Path, default=OUT)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    try:
        report = measured(given.data, given.weights)
    except (BadData, OSError) as error:
        print(error, file=sys.stderr)
        return PROBLEM
    report.show(as_json=given.json)
    return 0


def measured(data: Path, weights: Path) -> Report:
    """Judge the classifier in `weights`; the baseline beside it is trained on our training messages."""
    from retrieval.encoder import load

    start = time.perf_counter()
    seen = [example for example in read(OURS) if example.part == TRAIN]
    held = [example for example in read(data) if example.part != TRAIN]
    if not held:
        raise BadData(f"{data}: has no rows outside the part train.")
    encode = load(str(Card.load(weights).recipe["Encoder"])).encode
    model = Intent.load(weights, encode, tuned.reader(weights, settings.load().cache))
    metrics = {
        name: Metric(metric.value, metric.n, metric.low, metric.high, metric.baselines)
        for name, metric in tested(model, seen, held).items()
    }
    began = time.perf_counter()
    for example in held[:200]:
        model.scores(example.text)
    each = 1000 * (time.perf_counter() - began) / len(held[:200])
    metrics["latency_mean_ms"] = Metric(each, len(held[:200]))
    name = "finetune/messages" if data == OURS else str(data)
    return Report("intent", name, time.perf_counter() - start, metrics)
