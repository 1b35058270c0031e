"""Write the tokenizer that a GGUF file carries as Hugging Face files."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

from models.serving.metadata import field

if TYPE_CHECKING:
    from gguf import GGUFReader
    from tokenizers import Tokenizer

WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""How Qwen2 cuts text before its byte-pair merges (the `qwen2` pre-tokenizer of llama.cpp)."""

CONTROL, USER_DEFINED = 3, 4
"""Token types of GGUF for tokens outside the byte-pair vocabulary."""

SEEN = ("<tool_call>", "</tool_call>", "<|repo_name|>", "<|file_sep|>")
"""Added tokens that belong to the text and survive `skip_special_tokens`, as does every `fim` token."""


def write(reader: "GGUFReader", folder: Path) -> None:
    """Write tokenizer.json, tokenizer_config.json and generation_config.json.

    Raises ValueError where an added token would get another number than the file gives it.
    """
    tokens = cast("list[str]", field(reader, "tokenizer.ggml.tokens"))
    end = cast("int", field(reader, "tokenizer.ggml.eos_token_id"))
    padding = cast("int", field(reader, "tokenizer.ggml.padding_token_id"))
    build(reader, tokens).save(str(folder / "tokenizer.json"))
    about = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": None,
        "eos_token": tokens[end],
        "pad_token": tokens[padding],
        "unk_token": None,
        "model_max_length": field(reader, "qwen2.context_length"),
        "clean_up_tokenization_spaces": False,
        "chat_template": field(reader, "tokenizer.chat_template"),
    }
    generation = {"eos_token_id": sorted({end, padding}), "pad_token_id": padding}
    (folder / "tokenizer_config.json").write_text(json.dumps(about, indent=1, ensure_ascii=False))
    (folder / "generation_config.json").write_text(json.dumps(generation, indent=1))


def build(reader: "GGUFReader", tokens: list[str]) -> "Tokenizer":
    """Return the byte-level tokenizer with the file's vocabulary, merges and added tokens."""
    from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers
    from tokenizers.models import BPE

    kinds = cast("list[int]", field(reader, "tokenizer.ggml.token_type"))
    lines = cast("list[str]", field(reader, "tokenizer.ggml.merges"))
    merges = [(left, right) for left, right in (line.split(" ") for line in lines)]
    added = [number for number, kind in enumerate(kinds) if kind in (CONTROL, USER_DEFINED)]
    vocabulary = {token: number for number, token in enumerate(tokens[: min(added, default=len(tokens))])}
    made = Tokenizer(BPE(vocab=vocabulary, merges=merges))
    made.normalizer = normalizers.NFC()
    cut = pre_tokenizers.Split(Regex(WORDS), "isolated")
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [cut, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    made.decoder = decoders.ByteLevel()
    for number in added:
        _add(made, tokens[number], number, special=kinds[number] == CONTROL)
    return made


def _add(made: "Tokenizer", text: str, number: int, *, special: bool) -> None:
    from tokenizers import AddedToken

    hidden = special and text not in SEEN and "fim" not in text
    token: AddedToken = AddedToken(text, normalized=False, special=hidden)
    made.add_special_tokens([token]) if hidden else made.add_tokens([token])
    if made.token_to_id(text) != number:
        raise ValueError(f"The token {text} would get the number {made.token_to_id(text)} instead of {number}.")
