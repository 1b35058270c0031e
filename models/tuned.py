"""A fine-tuned sentence encoder: low-rank adapters on multilingual-e5-small, merged and quantised once per machine.

The adapters ship (some megabytes); the base comes from a package (`models/e5.py`). Both become one ONNX file of
eight-bit weights in the user's cache folder, which ONNX Runtime reads in a few milliseconds a message on one core.
LoRA: Hu et al. 2021, https://arxiv.org/abs/2106.09685.
"""

import hashlib
import json
import logging
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models import e5
from models.serving.locks import alone
from models.serving.progress import Say, show

if TYPE_CHECKING:
    import torch
    from transformers import BertModel

Encode = Callable[[Sequence[str]], NDArray[np.float32]]

ADAPTER = "adapter.safetensors"
ABOUT = "adapter.json"
LONGEST = 96  # tokens of a message that are read
_BATCH = 64
_FORMAT = "2"  # raised when the same adapter must be built anew


def reader(folder: Path, cache: Path, say: Say = show) -> Encode:
    """Return the encoder whose adapter is in `folder`: texts in, rows of unit length out (n, 384).

    The first call on a machine merges and quantises it (half a minute, 120 MB in `cache`).
    """
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    digest = hashlib.sha256((folder / ADAPTER).read_bytes() + json.dumps(about).encode() + _FORMAT.encode())
    target = cache / "encoders" / digest.hexdigest()[:16]
    if not (target / "model.onnx").exists():
        with alone(target.with_suffix(".lock"), say):
            if not (target / "model.onnx").exists():
                say("Preparing the encoder of messages (once, about half a minute)")
                _build(folder, float(about["scale"]), target)
    return _session(target, str(about["prefix"]))


def merged(model: "BertModel", adapter: dict[str, "torch.Tensor"], scale: float) -> "BertModel":
    """Add to each adapted weight its low-rank product: W + scale · B A."""
    state = model.state_dict()
    for name in sorted(key.removesuffix(".a") for key in adapter if key.endswith(".a")):
        state[f"{name}.weight"] += scale * (adapter[f"{name}.b"].float() @ adapter[f"{name}.a"].float())
    model.load_state_dict(state)
    return model


def save(folder: Path, adapter: dict[str, "torch.Tensor"], *, scale: float, prefix: str = e5.QUERY) -> None:
    """Write an adapter: for each adapted layer its `.a` (rank, inputs) and `.b` (outputs, rank), half precision."""
    import torch
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.to(torch.float16).contiguous() for name, tensor in adapter.items()}, folder / ADAPTER)
    about = {"base": "intfloat/multilingual-e5-small", "scale": scale, "prefix": prefix}
    (folder / ABOUT).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def pooled(states: "torch.Tensor", mask: "torch.Tensor") -> "torch.Tensor":
    """The mean of the tokens' vectors (n, tokens, 384), of unit length (n, 384)."""
    import torch

    kept = mask.unsqueeze(-1).to(states.dtype)
    return torch.nn.functional.normalize((states * kept).sum(1) / kept.sum(1), dim=-1)


def _wrapped(model: "BertModel") -> "torch.nn.Module":
    """The model with its pooling, as one module for the export."""
    import torch

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: "torch.Tensor", attention_mask: "torch.Tensor") -> "torch.Tensor":
            states = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            return pooled(states, attention_mask)

    return Pooled().eval()


def _build(folder: Path, scale: float, target: Path) -> None:
    """Merge, export and quantise into a folder beside the target, which then takes its place."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from safetensors.torch import load_file

    packed = e5.read(e5.packaged())
    partial = target.with_suffix(f".{os.getpid()}")
    partial.mkdir(parents=True, exist_ok=True)
    e5.tokenizer(packed).save(str(partial / "tokenizer.json"))
    with _silent():
        _export(merged(e5.model(packed), load_file(folder / ADAPTER), scale), partial / "full.onnx")
        quantize_dynamic(
            partial / "full.onnx",
            partial / "model.onnx",
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gather"],
            per_channel=True,  # one scale a matrix lost three points of accuracy
            reduce_range=True,  # eight full bits overflow on processors without VNNI
        )
    (partial / "full.onnx").unlink()
    partial.replace(target)


def _export(model: "BertModel", file: Path) -> None:
    """Write the model with its pooling as ONNX, for any number of texts of any length."""
    import torch

    ids = torch.zeros((2, 4), dtype=torch.long)
    names = ["input_ids", "attention_mask"]
    torch.onnx.export(
        _wrapped(model),
        (ids, torch.ones_like(ids)),
        str(file),
        input_names=names,
        output_names=["vectors"],
        dynamic_axes={name: {0: "texts", 1: "tokens"} for name in names},
        opset_version=17,
        dynamo=False,
    )


@contextmanager
def _silent() -> Iterator[None]:
    """Keep what the exporter says of its own ageing from the terminal; errors still come through."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)


def _session(folder: Path, prefix: str) -> Encode:
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    options = SessionOptions()
    options.intra_op_num_threads = 1  # spinning threads cost more than they bring on a busy machine
    session = InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding(pad_id=e5.PAD, pad_token="<pad>")  # noqa: S106

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        rows = []
        for at in range(0, len(texts), _BATCH):
            coded = tokenizer.encode_batch([prefix + text for text in texts[at : at + _BATCH]])
            ids = np.array([one.ids for one in coded], dtype=np.int64)
            mask = np.array([one.attention_mask for one in coded], dtype=np.int64)
            rows.append(np.asarray(session.run(None, {"input_ids": ids, "attention_mask": mask})[0], dtype=np.float32))
        return np.concatenate(rows) if rows else np.zeros((0, 0), dtype=np.float32)

    return encode
