"""Which engine, and which flags."""

from pathlib import Path

import pytest

from models.serving import engines, environments, hub, weights
from models.serving.engines import Engine, choose, parser_flags, plan
from models.serving.errors import LaunchError


@pytest.mark.parametrize(("gpu", "engine"), [(True, Engine.VLLM), (False, Engine.LLAMA_CPP)])
def test_the_hardware_chooses(gpu: bool, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "has_gpu", lambda: gpu)
    assert choose(None) is engine


def test_a_name_is_taken_and_an_unknown_one_refused() -> None:
    assert choose("vllm-cpu") is Engine.VLLM_CPU
    with pytest.raises(LaunchError, match=r"no engine 'ollama'; choose one of llama\.cpp, vllm, vllm-cpu, none"):
        choose("ollama")


@pytest.mark.parametrize(
    ("model", "parser"),
    [("Qwen/Qwen3-8B", "hermes"), ("Qwen/Qwen2.5-7B-Instruct", "hermes"), ("Qwen/Qwen3.5-9B", "qwen3_xml")],
)
def test_each_family_gets_its_parser(model: str, parser: str) -> None:
    flags = parser_flags(model)
    assert flags[flags.index("--tool-call-parser") + 1] == parser


@pytest.mark.parametrize("model", ["Qwen/Qwen2.5-Coder-1.5B-Instruct", "mistralai/Mistral-7B-v0.1"])
def test_other_models_get_no_native_calls(model: str) -> None:
    assert parser_flags(model) == []


@pytest.mark.parametrize(("memory", "model"), [(81_559, "Qwen/Qwen3-8B"), (16_376, "Qwen/Qwen3-4B-Instruct-2507")])
def test_the_hub_model_fits_the_gpu(memory: int, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "ready", lambda *_: Path("/python"))
    monkeypatch.setattr(hub, "reachable", lambda: True)
    monkeypatch.setattr(engines, "_gpu_memory", lambda: memory)
    made = plan(Engine.VLLM, cache=tmp_path, port=1)
    assert made.model == model
    assert made.native_calls
    assert "--enable-prefix-caching" in made.command


def test_without_a_hub_vllm_serves_the_default_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "ready", lambda *_: Path("/python"))
    monkeypatch.setattr(hub, "reachable", lambda: False)
    monkeypatch.setattr(hub, "has", lambda _: False)
    monkeypatch.setattr(weights, "fetch", lambda cache, **_: cache / "x.gguf")
    monkeypatch.setattr(engines, "to_hf", lambda gguf, out, say: out)
    made = plan(Engine.VLLM, cache=tmp_path, port=1)
    assert made.model == "local"
    assert str(tmp_path / "llm" / "x-bf16") in made.command
    assert not made.native_calls
    assert made.variables["HF_HUB_OFFLINE"] == "1"
