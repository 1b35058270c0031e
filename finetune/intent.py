"""Train the intent classifier on labelled messages and say how good it is on the held-out ones."""

import argparse
import math
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from finetune.labelled import OURS, BadData, Example, divide, read
from finetune.lora import Recipe, tune
from finetune.scoring import judged
from models import tuned
from models.card import Card, Metric
from models.intent import BUCKETS, Encode, Intent, buckets, hashed, plain

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

OUT = Path("weights/intent")
SEED = 7
OUTSIDE = "reply:out_of_scope"
FOLDS = 3
PENALTIES = (1.5, 3.0)  # the inverse of the L2 penalty
BLENDS = (1.5,)

Vectors = NDArray[np.float32]


class Choice(NamedTuple):
    accuracy: float
    penalty: float
    blend: float
    error: float = 0.0  # the standard error of the accuracy


def main(args: Sequence[str], cache: Path) -> int:
    """Train on `--data`, write weights and card to `--out`, print the figures; `cache` is for what a machine keeps."""
    parser = argparse.ArgumentParser("python -m finetune intent", description=main.__doc__)
    parser.add_argument("--data", type=Path, default=OURS, help="CSV or JSONL: text, label, language, part")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--encoder", default="use", help="the encoder whose vectors it reads")
    parser.add_argument("--epochs", type=int, default=Recipe.epochs, help="of the fine-tuned reader")
    parser.add_argument("--rate", type=float, default=Recipe.rate, help="its highest learning rate")
    given = parser.parse_args(args)
    from retrieval.encoder import load

    seen, held = divide(read(given.data), SEED)
    if len({example.label for example in seen}) < 2 or not held:
        raise BadData(f"{given.data}: needs two labels to train on and some held-out rows.")
    recipe = Recipe(epochs=given.epochs, rate=given.rate)
    model, choice = train(seen, load(given.encoder).encode, recipe, given.out, cache)
    model = replace(model, heat=heat(model, held))
    model.save(given.out)
    metrics = tested(model, seen, held)
    card = _card(given, len(seen), choice, recipe, metrics)
    card.save(given.out)
    print(card.markdown())
    return 0


def train(examples: Sequence[Example], encode: Encode, recipe: Recipe, out: Path, cache: Path) -> tuple[Intent, Choice]:
    """Fit both readers; the plain one's penalty and blend by cross-validation. Writes the adapter to `out`."""
    texts = [example.text for example in examples]
    labels = np.array([example.label for example in examples])
    known = rarity(texts)
    vectors, grams = encode(texts), ngrams(texts, known)
    folds = np.array(places(examples)) % FOLDS
    choice = plainest(
        _tried(_joined(vectors, grams, blend), labels, folds, Choice(0.0, penalty, blend))
        for blend in BLENDS
        for penalty in PENALTIES
    )
    fitted = _regression(choice.penalty).fit(_joined(vectors, grams, choice.blend), labels)
    weights = np.ascontiguousarray(fitted.coef_.T, dtype=np.float32)
    bias = np.asarray(fitted.intercept_, dtype=np.float32)
    names = fitted.classes_.tolist()
    deep = tune(texts, [names.index(label) for label in labels], recipe, seed=SEED)
    tuned.save(out, deep.adapter, scale=deep.scale)
    read = tuned.reader(out, cache)
    model = Intent(
        labels=tuple(names),
        weights=weights,
        bias=bias,
        rarity=known,
        head=deep.weights,
        head_bias=deep.bias,
        blend=choice.blend,
        heat=1.0,
        encode=encode,
        read=read,
    )
    return model, choice


def heat(model: Intent, held: Sequence[Example]) -> float:
    """Return the temperature under which the held-out labels are likeliest (Guo et al. 2017): one number of fifteen."""
    sums = np.array([model.plainly(example.text) + model.deeply(example.text) for example in held])
    right = [model.labels.index(example.label) for example in held]

    def surprise(each: float) -> float:
        scores = sums / each
        total = np.log(np.exp(scores - scores.max(1, keepdims=True)).sum(1)) + scores.max(1)
        return float((total - scores[range(len(right)), right]).mean())

    return min((round(0.8 + 0.1 * n, 1) for n in range(15)), key=surprise)


def tested(model: Intent, seen: Sequence[Example], held: Sequence[Example]) -> dict[str, Metric]:
    """Return the figures on the held-out examples, beside the baseline trained on the same `seen` ones."""
    scores = [model.scores(example.text) for example in held]
    said = [max(each, key=lambda label: each[label]) for each in scores]
    other = plain(SEED).fit([e.text for e in seen], [e.label for e in seen])
    baselines = {
        "tfidf_svm": [str(label) for label in other.predict([e.text for e in held])],
        "second_alone": [model.labels[int(model.plainly(e.text).argmax())] for e in held],
    }
    labels, languages = [e.label for e in held], [e.language for e in held]
    return judged(labels, said, languages, places(held), baselines, outside=OUTSIDE, seed=SEED)


def rarity(texts: Sequence[str]) -> Vectors:
    """Return the smoothed inverse document frequency of each bucket, as scikit-learn defines it."""
    seen = np.zeros(BUCKETS)
    for text in texts:
        seen[list(buckets(text))] += 1
    return (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32)


def ngrams(texts: Sequence[str], known: Vectors) -> "csr_matrix":
    """Return one sparse row a text: its hashed n-grams, of unit length."""
    from scipy.sparse import csr_matrix

    found, values = zip(*(hashed(text, known) for text in texts), strict=True)
    ends = np.concatenate([[0], np.cumsum([len(row) for row in found])])
    return csr_matrix((np.concatenate(values), np.concatenate(found), ends), shape=(len(texts), BUCKETS))


def places(examples: Sequence[Example]) -> list[int]:
    """Number the examples so that those at the same place of a label's list in each language share a number.

    They often mean the same; so they are held out, and resampled, together.
    """
    seen: Counter[tuple[str, str]] = Counter()
    numbers: dict[tuple[str, int], int] = {}
    found = []
    for example in examples:
        seen[example.language, example.label] += 1
        place = example.label, seen[example.language, example.label]
        found.append(numbers.setdefault(place, len(numbers)))
    return found


def plainest(tried: Iterable[Choice]) -> Choice:
    """Return the strongest penalty that is within a standard error of the best (Hastie et al. 2009, section 7.10)."""
    choices = list(tried)
    best = max(choices)
    near = [choice for choice in choices if choice.accuracy >= best.accuracy - best.error]
    return min(near, key=lambda choice: (choice.penalty, -choice.accuracy))


def _joined(vectors: Vectors, grams: "csr_matrix", blend: float) -> "csr_matrix":
    from scipy.sparse import csr_matrix, hstack

    return csr_matrix(hstack([csr_matrix(vectors), grams * blend], format="csr"))


def _tried(rows: "csr_matrix", labels: NDArray[np.str_], folds: NDArray[np.int64], choice: Choice) -> Choice:
    from sklearn.model_selection import PredefinedSplit, cross_val_score

    scores = cross_val_score(_regression(choice.penalty), rows, labels, cv=PredefinedSplit(folds))
    accuracy = float(scores.mean())
    tried = choice._replace(accuracy=accuracy, error=math.sqrt(accuracy * (1 - accuracy) / len(labels)))
    print(f"cross-validated: {tried}", flush=True)
    return tried


def _regression(penalty: float) -> "LogisticRegression":
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=penalty, max_iter=1000, tol=1e-3)


def _card(given: argparse.Namespace, seen: int, choice: Choice, recipe: Recipe, metrics: dict[str, Metric]) -> Card:
    ours = given.data == OURS
    return Card(
        name="Intent of a message",
        task="Which tool, or which kind of plain reply, a message asks for; in twelve languages.",
        data=f"{seen} messages in `finetune/messages/`, written for this project" if ours else str(given.data),
        licence="as this project" if ours else "that of the data",
        split="by the column `part`: the held-out messages are worded differently and none is a near duplicate, but "
        "their errors were looked at while training messages were added; intervals draw translations together"
        if ours
        else "by the column `part`, else 15 % of each label at random",
        seed=SEED,
        recipe={
            "Model": "the product of two: multilingual-e5-small with low-rank adapters and a linear layer; multinomial "
            "logistic regression on a sentence vector and hashed character n-grams; heated on the held-out messages",
            "Adapters": f"rank {recipe.rank}, scale {recipe.scale}, {recipe.epochs} epochs, batches of {recipe.batch}, "
            f"learning rate {recipe.rate}",
            "Encoder": given.encoder,
            "C": choice.penalty,
            "Weight of the n-grams": choice.blend,
            f"Accuracy of the second in {FOLDS}-fold cross-validation on train": round(choice.accuracy, 4),
        },
        metrics=metrics,
        commit=commit(),
    )


def commit() -> str:
    """The short name of the commit that is checked out, or unknown."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"
