"""Fine-tune the small multilingual encoder on labelled text with low-rank adapters, by peft.

Cross-entropy over a linear layer on the mean of the tokens' vectors, at unit length times SHARPNESS; AdamW, linear
decay after a warm-up, batches of texts of like length. On two CPU cores: 40 to 70 messages a second.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models import e5, tuned

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel

SHARPNESS = 10.0
SMOOTHING = 0.05  # of the labels, so that a sure answer is no surer than it is right
DROPOUT = 0.1
ADAPTED = ("query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense")


@dataclass(frozen=True)
class Recipe:
    """How to train: passes over the data, texts a step, the adapters' rank and the highest learning rate."""

    epochs: int = 4
    batch: int = 32
    rank: int = 16
    rate: float = 8e-4
    warm_up: float = 0.06  # of all steps
    clipping: float = 1.0
    scale: float = 2.0  # of the adapters' product


class Tuned(NamedTuple):
    """What training made: the adapter by layer, and the linear layer over the vector."""

    adapter: "dict[str, torch.Tensor]"
    weights: NDArray[np.float32]  # (384, labels)
    bias: NDArray[np.float32]  # (labels,)
    scale: float


class _Batch(NamedTuple):
    ids: "torch.Tensor"
    mask: "torch.Tensor"
    labels: "torch.Tensor"


def tune(texts: Sequence[str], labels: Sequence[int], recipe: Recipe, *, seed: int) -> Tuned:
    """Train on `texts` with labels 0…k-1."""
    import torch

    torch.manual_seed(seed)
    packed = e5.read(e5.packaged())
    tokenizer = e5.tokenizer(packed)
    tokenizer.enable_truncation(tuned.LONGEST)
    model = _adapted(e5.model(packed), recipe)
    head = torch.nn.Linear(packed.hidden, max(labels) + 1)
    trained = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": trained, "lr": recipe.rate}, {"params": head.parameters(), "lr": 3 * recipe.rate}],
        weight_decay=0.01,
    )
    steps = recipe.epochs * math.ceil(len(texts) / recipe.batch)
    warm = max(1, round(recipe.warm_up * steps))
    pace = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: min((n + 1) / warm, max(0.02, 1 - n / steps)))
    model.train()
    losses: list[float] = []
    begun = time.perf_counter()
    for batch in _batches(texts, labels, tokenizer, recipe, seed):
        states = model(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state
        scores = head(SHARPNESS * tuned.pooled(states, batch.mask))
        loss = torch.nn.functional.cross_entropy(scores, batch.labels, label_smoothing=SMOOTHING)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, recipe.clipping)
        optimizer.step()
        pace.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        _tell(losses, steps, begun)
    weights = SHARPNESS * head.weight.detach().numpy().T
    return Tuned(_taken(model), np.ascontiguousarray(weights), head.bias.detach().numpy().copy(), recipe.scale)


def _adapted(model: "PreTrainedModel", recipe: Recipe) -> "torch.nn.Module":
    """Put adapters on every linear layer of the encoder; the rest is frozen."""
    import torch
    from peft import LoraConfig, get_peft_model

    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = DROPOUT / 2
    wanted = LoraConfig(
        r=recipe.rank,
        lora_alpha=round(recipe.scale * recipe.rank),
        lora_dropout=DROPOUT / 2,
        target_modules=list(ADAPTED),
    )
    adapted: torch.nn.Module = get_peft_model(model, wanted)
    return adapted


def _taken(model: "torch.nn.Module") -> "dict[str, torch.Tensor]":
    return {_short(name): one.detach().clone() for name, one in model.named_parameters() if one.requires_grad}


def _short(name: str) -> str:
    """`base_model.model.encoder.layer.0.….query.lora_A.default.weight` → `encoder.layer.0.….query.a`."""
    layer, _, rest = name.removeprefix("base_model.model.").partition(".lora_")
    return f"{layer}.{rest[0].lower()}"


def _batches(
    texts: Sequence[str], labels: Sequence[int], tokenizer: "Tokenizer", recipe: Recipe, seed: int
) -> Iterator[_Batch]:
    """Yield the batches of all epochs; those of like length are together, in an order drawn anew each time."""
    import torch

    draw = np.random.default_rng(seed)
    coded = [one.ids for one in tokenizer.encode_batch([e5.QUERY + text for text in texts])]
    for _ in range(recipe.epochs):
        order = draw.permutation(len(texts))
        pools = [order[at : at + 16 * recipe.batch] for at in range(0, len(order), 16 * recipe.batch)]
        ranked = [pool[np.argsort([len(coded[i]) for i in pool])] for pool in pools]
        chosen = [pool[at : at + recipe.batch] for pool in ranked for at in range(0, len(pool), recipe.batch)]
        for at in draw.permutation(len(chosen)):
            rows = [coded[i] for i in chosen[at]]
            width = max(map(len, rows))
            ids = torch.tensor([row + [e5.PAD] * (width - len(row)) for row in rows])
            yield _Batch(ids, (ids != e5.PAD).long(), torch.tensor([labels[i] for i in chosen[at]]))


def _tell(losses: Sequence[float], steps: int, begun: float) -> None:
    done = len(losses)
    if done % 100 == 0 or done == steps:
        left = (time.perf_counter() - begun) / done * (steps - done)
        mean = float(np.mean(losses[-100:]))
        print(f"step {done} of {steps}: loss {mean:.3f}, {left:.0f} s left", flush=True)
