"""A small made Qwen2 GGUF becomes a Hugging Face folder that transformers reads."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.serving.convert import to_hf
from models.serving.errors import LaunchError

WIDTH, INNER, HEADS = 64, 128, 4
LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]
TOKENS = [*LETTERS, "Ġ", "he", "<|endoftext|>", "<|im_end|>", "<tool_call>"]


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    """Write a one-layer model with random tensors, quantised to 8 bits but for the norms."""
    path = tmp_path / "tiny.gguf"
    write_gguf(path, "qwen2")
    return path


def write_gguf(path: Path, architecture: str) -> None:
    import gguf

    writer = gguf.GGUFWriter(path, architecture)
    writer.add_context_length(128)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(2)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10_000.0)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(TOKENS)
    writer.add_token_types([1] * 28 + [3, 3, 4])
    writer.add_token_merges(["h e"])
    writer.add_bos_token_id(28)
    writer.add_eos_token_id(29)
    writer.add_pad_token_id(28)
    writer.add_chat_template("{{ messages[0]['content'] }}")
    for name, values in tensors().items():
        if values.ndim == 1:
            writer.add_tensor(name, values)
        else:
            kind = gguf.GGMLQuantizationType.Q8_0
            writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def tensors() -> dict[str, "np.ndarray[tuple[int, ...], np.dtype[np.float32]]"]:
    half = WIDTH // 2
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (len(TOKENS), WIDTH),
        "output_norm.weight": (WIDTH,),
        "blk.0.attn_norm.weight": (WIDTH,),
        "blk.0.ffn_norm.weight": (WIDTH,),
        "blk.0.attn_q.weight": (WIDTH, WIDTH),
        "blk.0.attn_q.bias": (WIDTH,),
        "blk.0.attn_k.weight": (half, WIDTH),
        "blk.0.attn_k.bias": (half,),
        "blk.0.attn_v.weight": (half, WIDTH),
        "blk.0.attn_v.bias": (half,),
        "blk.0.attn_output.weight": (WIDTH, WIDTH),
        "blk.0.ffn_gate.weight": (INNER, WIDTH),
        "blk.0.ffn_up.weight": (INNER, WIDTH),
        "blk.0.ffn_down.weight": (WIDTH, INNER),
    }
    random = np.random.default_rng(7)
    return {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def test_transformers_reads_the_folder_and_the_weights_are_the_same(gguf: Path, tmp_path: Path) -> None:
    import torch
    from transformers import Qwen2ForCausalLM

    folder = to_hf(gguf, tmp_path / "hf", lambda _: None)
    model = Qwen2ForCausalLM.from_pretrained(folder)
    found = model.model.layers[0].mlp.down_proj.weight.detach().float().numpy()
    assert np.abs(found - tensors()["blk.0.ffn_down.weight"]).max() < 0.05
    assert model.dtype is torch.bfloat16


def test_the_tokenizer_keeps_every_number(gguf: Path, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    folder = to_hf(gguf, tmp_path / "hf", lambda _: None)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert tokenizer.encode("he a<tool_call><|im_end|>") == [27, 26, 0, 30, 29]
    assert tokenizer.decode([27, 30, 29], skip_special_tokens=True) == "he<tool_call>"
    assert json.loads((folder / "config.json").read_text())["tie_word_embeddings"] is True


def test_it_is_written_once_and_again_for_another_file(gguf: Path, tmp_path: Path) -> None:
    said: list[str] = []
    for _ in range(2):
        to_hf(gguf, tmp_path / "hf", said.append)
    assert len(said) == 1
    gguf.write_bytes(gguf.read_bytes() + b"\0" * 32)
    to_hf(gguf, tmp_path / "hf", said.append)
    assert len(said) == 2


def test_another_architecture_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "other.gguf"
    write_gguf(path, "llama")
    with pytest.raises(LaunchError, match=r"other\.gguf holds a llama model"):
        to_hf(path, tmp_path / "hf", lambda _: None)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["hf.lock", "other.gguf"]
