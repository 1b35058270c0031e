"""Tell which tool, or which kind of plain reply, a message asks for, in any of the shop's languages.

Multinomial logistic regression on a multilingual sentence vector beside hashed character n-grams; `plain` is the
baseline that it has to beat. Training is in `finetune/intent.py`.
"""

import json
import re
import unicodedata
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
)
REPLIES = tuple(
    f"reply:{kind}" for kind in ("greeting", "thanks", "goodbye", "capabilities", "out_of_scope", "clarify")
)
LABELS = TOOLS + REPLIES

BUCKETS = 8192
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
    """The trained classifier."""

    labels: tuple[str, ...]
    weights: NDArray[np.float32]  # vector columns, then BUCKETS; one column a label
    bias: NDArray[np.float32]
    blend: float  # how much the n-grams weigh beside the vector
    encode: Encode

    @classmethod
    def load(cls, folder: Path, encode: Encode) -> "Intent":
        """Read the weights; `encode` must be the encoder that they were trained on (named in the card)."""
        from safetensors.numpy import load_file

        names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        arrays = load_file(folder / WEIGHTS)
        weights = arrays["weights"].astype(np.float32)
        return cls(tuple(names["labels"]), weights, arrays["bias"], float(names["blend"]), encode)

    def save(self, folder: Path) -> None:
        """Write the weights in half precision (0.4 MB)."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        save_file({"weights": self.weights.astype(np.float16), "bias": self.bias}, folder / WEIGHTS)
        names = {"labels": self.labels, "blend": self.blend}
        (folder / NAMES).write_text(json.dumps(names, indent=2) + "\n", encoding="utf-8")

    def scores(self, text: str) -> dict[str, float]:
        """Return the probability of each label; they add up to one."""
        vector = self.encode([text[:LONGEST]])[0]
        rows = len(vector) + hashed(text)
        sums = vector @ self.weights[: len(vector)] + self.bias
        sums += self.blend * self.weights[rows].sum(axis=0) / np.sqrt(max(len(rows), 1))
        odds = np.exp(sums - sums.max())
        return dict(zip(self.labels, (odds / odds.sum()).tolist(), strict=True))


def best(scores: Mapping[str, float], offered: Sequence[str]) -> list[str]:
    """Return what is `offered` (a role's tools, and replies), the likeliest first."""
    return sorted(offered, key=lambda label: -scores.get(label, 0.0))


def hashed(text: str) -> NDArray[np.int64]:
    """Return the buckets of a text's character n-grams, sorted, each once."""
    found = {crc32(gram.encode()) % BUCKETS for gram in _grams(shape(text))}
    return np.array(sorted(found), dtype=np.int64)


def shape(text: str) -> str:
    """Return the text in one case and form, with a sign of its kind for each number and code."""
    text = unicodedata.normalize("NFKC", text[:LONGEST])
    for pattern, sign in _CODES:
        text = pattern.sub(sign, text)
    return text.casefold()


def _grams(text: str) -> Iterator[str]:
    words = re.findall(r"\w+|[\ue000-\uf8ff]|[^\w\s]", text)
    yield f"#{min(len(words), 12)}"
    yield from (f"<{one}|{two}>" for one, two in zip(["^", *words], [*words, "$"], strict=True))
    for word in words:
        padded = f"<{word}>"
        for size in (1, 2, 3, 4, 5):
            yield from (padded[at : at + size] for at in range(len(padded) - size + 1))


def plain(seed: int) -> "Pipeline":
    """Return the untrained baseline: TF-IDF of character n-grams and a linear support vector machine."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)
    return make_pipeline(vectors, LinearSVC(random_state=seed))
