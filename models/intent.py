"""Tell which tool, or which kind of plain reply, a message asks for, in any of the shop's languages.

Two readers, each with a linear layer of its own, whose odds are multiplied: a multilingual transformer fine-tuned on
our messages (`models/tuned.py`), and the shop's sentence vector beside hashed character n-grams. `plain` is the
baseline that they have to beat. Training is in `finetune/intent.py`.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

Encode = Callable[[Sequence[str]], NDArray[np.float32]]

TOOLS = (
    *("search_products", "show_product", "compare_products", "find_policy", "call_human"),
    *("my_orders", "track_order", "cancel_order", "return_order", "change_address"),
    *("sales_summary", "low_stock", "order_queue", "answer_ticket"),
    *("score_order", "review_queue", "risk_report", "hold_order", "screen_party"),
    *("landed_cost", "classify_goods", "forecast_demand", "plan_reorder", "stock_risk"),
    *("ask_sales", "explain_change", "watch_measure"),
)
REPLIES = tuple(
    f"reply:{kind}" for kind in ("greeting", "thanks", "goodbye", "capabilities", "out_of_scope", "clarify")
)
LABELS = TOOLS + REPLIES

BUCKETS = 16384
LONGEST = 1000  # characters read: what somebody wants stands at the beginning
WEIGHTS = "intent.safetensors"
NAMES = "intent.json"

_CODES = (  # what it is matters, not which one it is
    (re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE), " \ue000 "),
    (re.compile(r"\b[A-Z]{2}\d{9}[A-Z]{2}(?![A-Za-z])", re.IGNORECASE | re.ASCII), " \ue001 "),
    (re.compile(r"\b[A-Z]{3}-\d{3,5}(?!\d)", re.IGNORECASE | re.ASCII), " \ue002 "),
    (re.compile(r"(?<!\d)\d{4,5}(?!\d)"), " \ue003 "),
    (re.compile(r"(?<!\d)\d{3}(?!\d)"), " \ue004 "),
    (re.compile(r"\d+"), " \ue005 "),
)


@dataclass(frozen=True)
class Intent:
    """The trained classifier: `weights`, `bias` of the plain reader, `head`, `head_bias` of the fine-tuned one."""

    labels: tuple[str, ...]
    weights: NDArray[np.float32]  # a row each for the vector's columns, then for the BUCKETS; a column a label
    bias: NDArray[np.float32]
    rarity: NDArray[np.float32]  # inverse document frequency of each bucket
    head: NDArray[np.float32]  # a row for each column of the fine-tuned vector; a column a label
    head_bias: NDArray[np.float32]
    blend: float  # how much the n-grams weigh beside the vector
    heat: float  # the sum of both readers' log-odds is divided by it, so that a probability is how often it is right
    encode: Encode
    read: Encode

    @classmethod
    def load(cls, folder: Path, encode: Encode, read: Encode) -> "Intent":
        """Read the weights; `encode` must be the encoder that they were trained on (named in the card).

        `read` is the fine-tuned encoder of the same folder (models.tuned.reader).
        """
        from safetensors.numpy import load_file

        names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        arrays = {name: array.astype(np.float32) for name, array in load_file(folder / WEIGHTS).items()}
        blend, heat = float(names["blend"]), float(names["heat"])
        return cls(labels=tuple(names["labels"]), blend=blend, heat=heat, encode=encode, read=read, **arrays)

    def save(self, folder: Path) -> None:
        """Write the weights in half precision (0.8 MB); the adapter of the fine-tuned reader is beside them."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        names = ("weights", "bias", "rarity", "head", "head_bias")
        arrays: dict[str, NDArray[np.float32]] = {name: getattr(self, name) for name in names}
        save_file({name: array.astype(np.float16) for name, array in arrays.items()}, folder / WEIGHTS)
        about = {"labels": self.labels, "blend": self.blend, "heat": self.heat}
        (folder / NAMES).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")

    def scores(self, text: str) -> dict[str, float]:
        """Return the probability of each label; they add up to one."""
        both = (self.plainly(text) + self.deeply(text)) / self.heat
        return dict(zip(self.labels, np.exp(_normal(both)).tolist(), strict=True))

    def plainly(self, text: str) -> NDArray[np.float32]:
        """The log-probabilities (labels,) by sentence vector and n-grams."""
        vector = self.encode([text[:LONGEST]])[0]
        found, values = hashed(text, self.rarity)
        sums = vector @ self.weights[: len(vector)] + self.bias
        sums += self.blend * (values @ self.weights[len(vector) + found])
        return _normal(sums)

    def deeply(self, text: str) -> NDArray[np.float32]:
        """The log-probabilities (labels,) by the fine-tuned reader."""
        return _normal(self.read([text[:LONGEST]])[0] @ self.head + self.head_bias)


def _normal(sums: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log-odds shifted so that their exponentials add up to one."""
    high = sums.max()
    shifted: NDArray[np.float32] = sums - high - np.log(np.exp(sums - high).sum())
    return shifted


def best(scores: Mapping[str, float], offered: Sequence[str]) -> list[str]:
    """Return what is `offered` (a role's tools, and replies), the likeliest first."""
    return sorted(offered, key=lambda label: -scores.get(label, 0.0))


def hashed(text: str, rarity: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the buckets of a text's n-grams and their TF-IDF values, of unit length together."""
    counts = buckets(text)
    found = np.array(sorted(counts), dtype=np.int64)
    often = np.array([counts[bucket] for bucket in found.tolist()], dtype=np.float32)
    values = (1 + np.log(often)) * rarity[found]
    return found, values / np.linalg.norm(values)


def buckets(text: str) -> Counter[int]:
    """Return how often each bucket is hit by the n-grams of a text; never empty."""
    return Counter(crc32(gram.encode()) % BUCKETS for gram in _grams(shape(text)))


def shape(text: str) -> str:
    """Return the text in one case and form, with a sign of its kind for each number and code."""
    text = unicodedata.normalize("NFKC", text[:LONGEST])
    for pattern, sign in _CODES:
        text = pattern.sub(sign, text)
    return text.casefold()


def _grams(text: str) -> Iterator[str]:
    words = re.findall(r"\w+|[\ue000-\uf8ff]|[^\w\s]", text)
    yield f"#{min(len(words), 12)}"
    yield from (f"{one}|{two}" for one, two in zip(["^", *words], [*words, "$"], strict=True))
    for word in words:
        if "\ue000" <= word <= "\uf8ff":
            yield from (f"{word}{copy}" for copy in range(3))  # a code says more than three letters do
        padded = f" {word} "
        for size in range(1, min(5, len(padded))):
            yield from (padded[at : at + size] for at in range(len(padded) - size + 1))


def plain(seed: int) -> "Pipeline":
    """Return the untrained baseline: TF-IDF of character n-grams and a linear support vector machine."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)
    return make_pipeline(vectors, LinearSVC(random_state=seed))
