"""Write a Qwen2 GGUF file as a bf16 Hugging Face folder, which vLLM serves on CPUs where it cannot read GGUF."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from models.serving.errors import LaunchError
from models.serving.locks import alone
from models.serving.metadata import field
from models.serving.progress import Say, show

if TYPE_CHECKING:
    import torch
    from gguf import GGUFReader


OUTSIDE = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}
INSIDE = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
SAME_MATRIX = 0.15
"""Relative distance below which input and output embeddings are two quantised copies of one matrix."""


def to_hf(gguf: Path, out: Path, say: Say = show) -> Path:
    """Return the folder `out` with config, tokenizer and bf16 weights of the GGUF file, made once.

    Takes about half a minute and 5 GB of memory for 1.5 billion parameters. Raises LaunchError for another
    architecture than Qwen2. The folder appears whole or not at all.
    """
    source = f"{gguf.name} {gguf.stat().st_size}"
    stamp = out / "source.txt"
    with alone(out.parent / f"{out.name}.lock", say):
        if stamp.exists() and stamp.read_text() == source:
            return out
        say(f"Writing {gguf.name} as a bf16 folder (once)")
        part = Path(tempfile.mkdtemp(prefix=f"{out.name}-", dir=out.parent))
        try:
            write(gguf, part)
            (part / "source.txt").write_text(source)
            shutil.rmtree(out, ignore_errors=True)
            part.chmod(0o755)
            part.replace(out)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return out


def write(gguf: Path, folder: Path) -> None:
    """Write all files of the Hugging Face folder; raises LaunchError for what is not a Qwen2 GGUF."""
    from gguf import GGUFReader
    from safetensors.torch import save_file

    from models.serving import tokenizer

    try:
        reader = GGUFReader(gguf)
    except (OSError, ValueError) as error:
        raise LaunchError(f"{gguf} cannot be read as GGUF: {error}") from error
    architecture = field(reader, "general.architecture")
    if architecture != "qwen2":
        raise LaunchError(f"{gguf.name} holds a {architecture} model; only qwen2 can be written for vLLM.")
    tensors = _tensors(reader)
    tied = _tie(tensors)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    rows = int(tensors["model.embed_tokens.weight"].shape[0])
    (folder / "config.json").write_text(json.dumps(_config(reader, rows, tied=tied), indent=1))
    tokenizer.write(reader, folder)


def _tensors(reader: "GGUFReader") -> dict[str, "torch.Tensor"]:
    """Dequantise every tensor to bf16, under its Hugging Face name."""
    import numpy as np
    import torch
    from gguf.quants import dequantize

    tensors: dict[str, torch.Tensor] = {}
    for tensor in reader.tensors:
        shape = tuple(int(size) for size in reversed(tensor.shape))
        flat = np.require(dequantize(tensor.data, tensor.tensor_type), requirements=["C", "W"])
        tensors[_renamed(tensor.name)] = torch.from_numpy(flat.reshape(shape)).to(torch.bfloat16)
    return tensors


def _renamed(name: str) -> str:
    """Translate `blk.3.attn_q.weight` to `model.layers.3.self_attn.q_proj.weight`."""
    stem, _, kind = name.rpartition(".")
    if not stem.startswith("blk."):
        return f"{OUTSIDE[stem]}.{kind}"
    _, layer, part = stem.split(".")
    return f"model.layers.{layer}.{INSIDE[part]}.{kind}"


def _tie(tensors: dict[str, "torch.Tensor"]) -> bool:
    """Drop the second copy where input and output embeddings are one matrix; keep the output's, the finer one."""
    head = tensors.get("lm_head.weight")
    if head is None:
        return True
    embedding = tensors["model.embed_tokens.weight"]
    sample = slice(0, 4096)
    distance = (embedding[sample].float() - head[sample].float()).norm() / head[sample].float().norm()
    if float(distance) > SAME_MATRIX:
        return False
    tensors["model.embed_tokens.weight"] = tensors.pop("lm_head.weight")
    return True


def _config(reader: "GGUFReader", rows: int, *, tied: bool) -> dict[str, object]:
    """Return config.json: the sizes from the file's metadata, the rest is fixed for Qwen2."""
    return {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "torch_dtype": "bfloat16",
        "vocab_size": rows,
        "hidden_size": field(reader, "qwen2.embedding_length"),
        "intermediate_size": field(reader, "qwen2.feed_forward_length"),
        "num_hidden_layers": field(reader, "qwen2.block_count"),
        "num_attention_heads": field(reader, "qwen2.attention.head_count"),
        "num_key_value_heads": field(reader, "qwen2.attention.head_count_kv"),
        "max_position_embeddings": field(reader, "qwen2.context_length"),
        "rms_norm_eps": field(reader, "qwen2.attention.layer_norm_rms_epsilon"),
        "rope_theta": field(reader, "qwen2.rope.freq_base"),
        "tie_word_embeddings": tied,
        "hidden_act": "silu",
        "attention_dropout": 0.0,
        "use_sliding_window": False,
        "bos_token_id": field(reader, "tokenizer.ggml.bos_token_id"),
        "eos_token_id": field(reader, "tokenizer.ggml.eos_token_id"),
    }
