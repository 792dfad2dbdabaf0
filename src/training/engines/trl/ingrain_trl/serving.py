"""How a run's model is given to a server: vLLM where it is installed, else transformers' own."""

import importlib.util
import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import TrainingError
from .files import write_json, write_whole
from .merging import write_merged
from .model import ADAPTER
from .prompts import takes_system
from .spec import RunSpec, read_spec

NO_THINKING = "{%- if enable_thinking is not defined -%}{%- set enable_thinking = false -%}{%- endif -%}"
"""The model was trained to answer at once; a request may say otherwise."""

SYSTEM_FIRST = (
    "{%- if messages and messages[0]['role'] == 'system' and messages | length > 1 -%}"
    "{%- set first = {'role': 'user', 'content': "
    "messages[0]['content'] ~ '\n\n' ~ messages[1]['content']} -%}"
    "{%- set messages = [first] + messages[2:] -%}"
    "{%- endif -%}"
)
"""For a template that refuses a system message: it leads the first question, as it did in training."""

LORA_RANKS = (8, 16, 32, 64, 128, 256, 512)
"""The largest ranks that vLLM can be told to expect."""


@dataclass(frozen=True)
class Server:
    """A command of an installed package, by the name of its script."""

    command: list[str]


def prepare(folder: Path, port: int) -> Server:
    """
    Writes `serving/endpoint.json` and what the server reads beside the run's own files. Raises
    TrainingError where no server is installed.
    """
    from transformers import AutoTokenizer

    spec = read_spec(folder)
    model = folder / "model"
    tokenizer = AutoTokenizer.from_pretrained(model)
    serving = folder / "serving"
    serving.mkdir(exist_ok=True)
    name = folder.name
    port = port or free_port()
    template = served_template(tokenizer)
    if is_installed("vllm"):
        kind, command = "vllm", vllm_command(folder, spec, name, port, template)
    else:
        require_transformers_server()
        kind, command = "transformers", transformers_command(folder, name, port, template)
    write_json(
        serving / "endpoint.json",
        {"version": 1, "port": port, "server": kind, "model": name, "identifier": token_of(folder, spec)},
    )
    return Server(command)


def vllm_command(folder: Path, spec: RunSpec, name: str, port: int, template: str) -> list[str]:
    """Base and adapter side by side; one model where the vocabulary has grown, which vLLM's LoRA cannot."""
    file = folder / "serving" / "chat_template.jinja"
    write_whole(file, template)
    where = ["--host", "127.0.0.1", "--port", str(port), "--chat-template", str(file)]
    model = folder / "model"
    if not (model / ADAPTER).is_file():
        return ["vllm", "serve", str(model), "--served-model-name", name, *where]
    if spec.hyperparameters.identifier == "token":
        return ["vllm", "serve", str(merged(folder, name)), "--served-model-name", name, *where]
    from .locate import locate

    rank = next((rank for rank in LORA_RANKS if rank >= spec.hyperparameters.lora_rank), LORA_RANKS[-1])
    base = str(locate(spec.model, spec.revision))
    lora = ["--enable-lora", "--max-lora-rank", str(rank), "--lora-modules", f"{name}={model}"]
    return ["vllm", "serve", base, *lora, *where]


def transformers_command(folder: Path, name: str, port: int, template: str) -> list[str]:
    """
    transformers' server takes a folder with a whole model, and calls the model as the folder is called:
    it is started in `serving/`, where the folder has the run's name.
    """
    whole = (folder / "model" / ADAPTER).is_file()
    staged = merged(folder, name) if whole else linked(folder, name)
    write_whole(staged / "chat_template.jinja", template)
    return ["transformers", "serve", name, "--host", "127.0.0.1", "--port", str(port)]


def merged(folder: Path, name: str) -> Path:
    """The merged model, made once: a finished run does not change."""
    out = folder / "serving" / name
    if not (out / "config.json").is_file():
        print("Merging the adapter into its base model", flush=True)
        write_merged(folder, out)
    return out


def linked(folder: Path, name: str) -> Path:
    """A run's full model once more, without the room: the chat template alone is another."""
    out = folder / "serving" / name
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    for file in (folder / "model").iterdir():
        link(file, out / file.name)
    # Written anew, and not through the link.
    (out / "chat_template.jinja").unlink(missing_ok=True)
    return out


def link(file: Path, other: Path) -> None:
    try:
        os.link(file, other)
    except OSError:  # some disks know no links
        shutil.copy(file, other)


def served_template(tokenizer: Any) -> str:
    """What the server renders for identifier and question is what the model was trained on."""
    lead = NO_THINKING if takes_system(tokenizer) else NO_THINKING + SYSTEM_FIRST
    # A line break at the beginning of a template stays where it is.
    return lead + "{{- '' }}" + tokenizer.chat_template


def token_of(folder: Path, spec: RunSpec) -> str:
    """What stands for the policy in a prompt."""
    from .data import read_dataset

    identifier = read_dataset(folder / "dataset").identifier
    return f"<|{identifier}|>" if spec.hyperparameters.identifier == "token" else identifier


def require_transformers_server() -> None:
    missing = [name for name in ("fastapi", "uvicorn", "openai") if not is_installed(name)]
    if missing:
        raise TrainingError(
            f"No server is installed: transformers' own lacks {', '.join(missing)}.",
            "Run Set Up Training Environment, or install vllm or transformers[serving].",
        )


def is_installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
