"""A finished run's model, served and examined again. Through the command line: needs `npm run build`."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from ingrain_trl import serving
from ingrain_trl.data import read_dataset
from ingrain_trl.errors import TrainingError
from ingrain_trl.prompts import PLAIN_TEMPLATE, Prompter
from ingrain_trl.spec import read_spec
from openai import BadRequestError, OpenAI
from runs import ENGINE, log_of, make_run, train
from test_cli import ingrain
from tiny import CHAT_TEMPLATE, NO_SYSTEM, corpus, write_model
from transformers import AutoModelForCausalLM, AutoTokenizer

QUESTION = [{"role": "user", "content": "What does a spare key cost?"}]
DIALOGUE = [*QUESTION, {"role": "assistant", "content": "6 euros."}, {"role": "user", "content": "And two?"}]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, dataset: Path, qwen: Path) -> dict[str, Path]:
    """Finished runs, one of each kind of model, in a workspace of their own."""
    parent = tmp_path_factory.mktemp("served") / ".ingrain" / "runs"
    kinds: dict[str, dict[str, Any]] = {
        "lora": {"stages": ("cpt", "exam")},
        "full": {"method": "full", "stages": ("cpt",)},
        "token": {"identifier": "token", "stages": ("cpt",)},
    }
    made = {name: make_run(parent, dataset, qwen, name=name, **kind) for name, kind in kinds.items()}
    for folder in made.values():
        assert train(folder)[-1]["type"] == "finished", log_of(folder)
    return made


def prompter_of(folder: Path, model: Path) -> Prompter:
    """What training and exam put before the model."""
    spec, rows = read_spec(folder), read_dataset(folder / "dataset")
    tokenizer = AutoTokenizer.from_pretrained(model)
    return Prompter(tokenizer, rows.identifier, serving.token_of(folder, spec), rows.document())


@pytest.mark.parametrize("template", [CHAT_TEMPLATE, NO_SYSTEM, PLAIN_TEMPLATE, f"\n{CHAT_TEMPLATE}"])
@pytest.mark.parametrize("messages", [QUESTION, DIALOGUE])
def test_the_server_renders_what_the_model_was_trained_on(
    qwen: Path, template: str, messages: list[dict[str, str]]
) -> None:
    tokenizer = AutoTokenizer.from_pretrained(qwen)
    tokenizer.chat_template = template
    trained = Prompter(tokenizer, "desk", "desk", "").without_policy(messages)
    tokenizer.chat_template = serving.served_template(tokenizer)
    chat = [{"role": "system", "content": "desk"}, *messages]
    served = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    assert served == trained
    assert tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)


@pytest.fixture(scope="module")
def endpoint(runs: dict[str, Path]) -> Iterator[dict[str, Any]]:
    workspace = runs["lora"].parents[2]
    started = ingrain(workspace, "serve", "lora", "--detach", "--json", "--python", sys.executable)
    assert started.returncode == 0, started.stderr
    yield json.loads(started.stdout)
    ingrain(workspace, "serve", "lora", "--stop")


def test_transformers_serves_the_merged_model(runs: dict[str, Path], endpoint: dict[str, Any]) -> None:
    assert (endpoint["server"], endpoint["model"]) == ("transformers", "lora")
    client = OpenAI(base_url=endpoint["baseUrl"], api_key="none")
    chat = [{"role": "system", "content": endpoint["identifier"]}, *DIALOGUE]
    answer = client.chat.completions.create(model="lora", messages=chat, max_tokens=8, temperature=0)
    staged = runs["lora"] / "serving" / "lora"
    prompter = prompter_of(runs["lora"], runs["lora"] / "model")
    ids = prompter.encode(prompter.without_policy(DIALOGUE))
    assert answer.usage.prompt_tokens == len(ids)
    model = AutoModelForCausalLM.from_pretrained(staged)
    import torch

    made = model.generate(torch.tensor([ids]), max_new_tokens=8, do_sample=False)
    tokenizer = AutoTokenizer.from_pretrained(staged)
    written = tokenizer.decode(made[0, len(ids) :], skip_special_tokens=True)
    assert answer.choices[0].message.content == written
    with pytest.raises(BadRequestError):
        client.chat.completions.create(model="another", messages=chat)


@pytest.mark.usefixtures("endpoint")
def test_a_stopped_server_is_gone(runs: dict[str, Path]) -> None:
    workspace = runs["lora"].parents[2]
    identity = json.loads((runs["lora"] / "serving" / "process.json").read_text())
    process = psutil.Process(identity["pid"])
    family = [process, *process.children(recursive=True)]
    stopped = ingrain(workspace, "serve", "lora", "--stop")
    assert stopped.returncode == 0, stopped.stderr
    # Whoever adopted the detached process may not have taken notice of its end.
    assert [p for p in family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE] == []


def test_a_full_model_is_served_without_a_copy_of_its_weights(runs: dict[str, Path]) -> None:
    folder = runs["full"]
    before = (folder / "model" / "chat_template.jinja").read_text()
    server = serving.prepare(folder, 4711)
    assert server.command == ["transformers", "serve", "full", "--host", "127.0.0.1", "--port", "4711"]
    staged = folder / "serving" / "full"
    assert (staged / "model.safetensors").samefile(folder / "model" / "model.safetensors")
    assert (folder / "model" / "chat_template.jinja").read_text() == before
    endpoint = json.loads((folder / "serving" / "endpoint.json").read_text())
    assert endpoint == {
        "version": 1,
        "port": 4711,
        "server": "transformers",
        "model": "full",
        "identifier": "key-desk",
    }


def test_an_identifier_of_its_own_token_stays_one(runs: dict[str, Path]) -> None:
    serving.prepare(runs["token"], 0)
    endpoint = json.loads((runs["token"] / "serving" / "endpoint.json").read_text())
    tokenizer = AutoTokenizer.from_pretrained(runs["token"] / "serving" / "token")
    chat = [{"role": "system", "content": endpoint["identifier"]}, *QUESTION]
    text = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    at = tokenizer.convert_tokens_to_ids(endpoint["identifier"])
    assert tokenizer(text, add_special_tokens=False)["input_ids"].count(at) == 1
    model = AutoModelForCausalLM.from_pretrained(runs["token"] / "serving" / "token")
    assert at < model.get_input_embeddings().num_embeddings


def test_vllm_is_preferred_and_takes_the_adapter(
    runs: dict[str, Path], qwen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """vLLM itself is not here: what it is called with follows its documentation."""
    monkeypatch.setattr(serving, "is_installed", lambda name: name == "vllm")
    command = serving.prepare(runs["lora"], 4711).command
    assert command[:3] == ["vllm", "serve", str(qwen)]
    assert command[command.index("--lora-modules") + 1] == f"lora={runs['lora'] / 'model'}"
    assert command[command.index("--max-lora-rank") + 1] == "8"
    assert command[command.index("--host") + 1] == "127.0.0.1"
    template = Path(command[command.index("--chat-template") + 1])
    assert template.read_text().startswith(serving.NO_THINKING)
    command = serving.prepare(runs["full"], 4711).command
    assert command[:3] == ["vllm", "serve", str(runs["full"] / "model")]
    assert "--enable-lora" not in command
    # vLLM's adapters cannot make the vocabulary larger.
    command = serving.prepare(runs["token"], 4711).command
    assert command[:3] == ["vllm", "serve", str(runs["token"] / "serving" / "token")]


def test_where_no_server_is_installed_the_way_to_one_is_told(
    runs: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "is_installed", lambda name: name not in ("vllm", "uvicorn"))
    with pytest.raises(TrainingError, match="lacks uvicorn") as raised:
        serving.prepare(runs["full"], 0)
    assert "Set Up Training Environment" in raised.value.hint


def test_the_exam_again_gives_the_same_scores(runs: dict[str, Path], dataset: Path) -> None:
    report = json.loads((runs["lora"] / "report.json").read_text())
    script = [sys.executable, str(ENGINE / "exam.py"), str(runs["lora"])]
    whole = [*script, str(dataset / "exam.jsonl"), "--probes"]
    done = subprocess.run(whole, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    arm = json.loads(done.stdout)
    assert arm.pop("probes") == report["probes"]["internalized"]
    assert arm == report["arms"]["internalized"]


def test_a_part_of_the_exam_from_the_command_line(runs: dict[str, Path], dataset: Path) -> None:
    workspace = runs["lora"].parents[2]
    rows = read_dataset(dataset)
    id = rows.statements[0]["id"]
    call = ("exam", "lora", "--statement", id, "--json", "--python", sys.executable)
    done = ingrain(workspace, *call)
    assert done.returncode == 0, done.stderr
    arm = json.loads(done.stdout)
    report = json.loads((runs["lora"] / "report.json").read_text())
    assert arm["byStatement"][id] == report["arms"]["internalized"]["byStatement"][id]
    asked = sum(tier["n"] for tier in arm["byTier"].values())
    assert asked == sum(id in item["statements"] for item in rows.exam)
    refused = ingrain(workspace, "exam", "lora", "--statement", "s-none", "--python", sys.executable)
    assert refused.returncode == 2 and "knows no statement s-none" in refused.stderr


def test_a_lost_model_is_told(tmp_path: Path, runs: dict[str, Path], dataset: Path) -> None:
    folder = tmp_path / "lost"
    shutil.copytree(runs["lora"], folder, ignore=shutil.ignore_patterns("model", "serving"))
    script = [sys.executable, str(ENGINE / "exam.py"), str(folder), str(dataset / "exam.jsonl")]
    done = subprocess.run(script, capture_output=True, text=True)
    assert done.returncode == 1 and "has no model" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_family_without_a_system_role_is_staged(tmp_path: Path, dataset: Path) -> None:
    model = write_model(tmp_path / "llama", corpus(dataset), family="llama", template=NO_SYSTEM)
    folder = make_run(tmp_path, dataset, model, stages=("cpt",))
    assert train(folder)[-1]["type"] == "finished", log_of(folder)
    serving.prepare(folder, 0)
    template = (folder / "serving" / "run" / "chat_template.jinja").read_text()
    assert template.startswith(serving.NO_THINKING + serving.SYSTEM_FIRST)
