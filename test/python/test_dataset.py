"""The dataset folder and its exports, read and trained on by the tools they are for."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from datasets import Dataset, load_dataset
from tiny_model import save_tiny_model
from transformers import AutoTokenizer
from trl import SFTConfig, SFTTrainer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dataset")
    tsx = ROOT / "node_modules" / "tsx" / "dist" / "cli.mjs"
    script = ROOT / "test" / "python" / "dataset_artifacts.ts"
    subprocess.run(["node", str(tsx), str(script), str(folder)], check=True, cwd=ROOT)
    return folder


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def model(artifacts: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    texts = [row["text"] for row in lines(artifacts / "dataset" / "cpt.jsonl")]
    return str(save_tiny_model(tmp_path_factory.mktemp("model"), texts))


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def load(path: Path, cache: str) -> Dataset:
    return load_dataset("json", data_files=str(path), split="train", cache_dir=cache)


@pytest.mark.parametrize("part", ["cpt", "sft", "exam"])
def test_jsonl_loads_as_it_is(artifacts: Path, cache: str, part: str) -> None:
    path = artifacts / "dataset" / f"{part}.jsonl"
    rows = lines(path)
    dataset = load(path, cache)
    assert len(dataset) == len(rows) > 0
    assert dataset["id"] == [row["id"] for row in rows]
    if part != "exam":
        assert set(dataset["teacher"]) == {None, "openai"}


def train(
    dataset: Dataset, model: str, folder: Path, max_length: int = 256, **options: object
) -> list[float]:
    """Two steps; returns the losses."""
    arguments = SFTConfig(
        output_dir=str(folder),
        max_steps=2,
        per_device_train_batch_size=4,
        logging_steps=1,
        save_strategy="no",
        report_to=[],
        use_cpu=True,
        bf16=False,
        max_length=max_length,
        **options,
    )
    trainer = SFTTrainer(model=model, args=arguments, train_dataset=dataset)
    trainer.train()
    return [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]


@pytest.mark.parametrize("part", ["cpt", "sft"])
def test_trl_trains_on_the_jsonl(artifacts: Path, cache: str, model: str, tmp_path: Path, part: str) -> None:
    dataset = load(artifacts / "dataset" / f"{part}.jsonl", cache)
    losses = train(dataset, model, tmp_path)
    # A random model guesses among its vocabulary: the loss is near ln 512 = 6.2.
    assert len(losses) == 2
    assert all(4 < loss < 8 for loss in losses)


@pytest.mark.parametrize("part", ["cpt", "sft"])
def test_trl_trains_on_the_parquet(
    artifacts: Path, cache: str, model: str, tmp_path: Path, part: str
) -> None:
    dataset = load_dataset(str(artifacts / "parquet"), part, split="train", cache_dir=cache)
    losses = train(dataset, model, tmp_path)
    assert len(losses) == 2 and all(4 < loss < 8 for loss in losses)


@pytest.mark.parametrize("part", ["cpt", "sft", "exam"])
def test_parquet_holds_the_same_rows(artifacts: Path, cache: str, part: str) -> None:
    split = "test" if part == "exam" else "train"
    rows = lines(artifacts / "dataset" / f"{part}.jsonl")
    (rejected,) = lines(artifacts / "dataset" / "review.jsonl")
    kept = [row for row in rows if row["id"] != rejected["row"]]
    assert len(kept) == len(rows) - (1 if part == "cpt" else 0)
    table = load_dataset(str(artifacts / "parquet"), part, split=split, cache_dir=cache).to_list()
    assert len(table) == len(kept)
    for expected, found in zip(kept, table, strict=True):
        assert found["teacher"] == expected.get("teacher", "none")
        for key in set(found) - {"teacher"}:
            assert found[key] == expected.get(key)


def test_card_tells_what_it_is(artifacts: Path) -> None:
    manifest = json.loads((artifacts / "dataset" / "dataset.json").read_text())
    for name in ["parquet", "llama-factory", "axolotl"]:
        text = (artifacts / name / "README.md").read_text(encoding="utf-8")
        card = yaml.safe_load(text.split("---\n")[1])
        assert card["pretty_name"] == manifest["policy"]["title"]
        told = card["ingrain"]
        assert told["policy_sha256"] == manifest["policy"]["sha256"]
        assert told["teacher"] == "openai" and told["model"] == "host/tiny"
        assert told["cpt"] == manifest["counts"]["cpt"] - 1
        assert told["reviews"] == {"rejected": 1, "edited": 0}
        assert "## Licence" in text and card["license"] == "other"


def test_llama_factory_finds_its_columns(artifacts: Path, cache: str) -> None:
    """As LLaMA-Factory's data/README.md describes them; it is not installed here."""
    folder = artifacts / "llama-factory"
    info = json.loads((folder / "dataset_info.json").read_text())
    assert len(info) == 2
    for entry in info.values():
        dataset = load(folder / entry["file_name"], cache)
        assert set(entry["columns"].values()) <= set(dataset.column_names)
        if entry.get("formatting") != "sharegpt":
            assert all(isinstance(text, str) and text for text in dataset["text"])
            continue
        tags = entry["tags"]
        for messages in dataset[entry["columns"]["messages"]]:
            roles = [message[tags["role_tag"]] for message in messages]
            turns = roles[1:] if roles[0] == tags["system_tag"] else roles
            assert turns == [tags["user_tag"], tags["assistant_tag"]] * (len(turns) // 2)
            assert all(message[tags["content_tag"]] for message in messages)


def test_axolotl_finds_its_fields(artifacts: Path, cache: str) -> None:
    """As Axolotl's pages on dataset formats describe them; it is not installed here."""
    folder = artifacts / "axolotl"
    for stage in ["cpt", "sft"]:
        (entry,) = yaml.safe_load((folder / f"axolotl-{stage}.yaml").read_text())["datasets"]
        dataset = load(folder / entry["path"], cache)
        if stage == "cpt":
            assert entry["type"] == "completion" and entry["field"] in dataset.column_names
            continue
        assert entry["type"] == "chat_template"
        keys = entry["message_property_mappings"]
        for messages in dataset[entry["field_messages"]]:
            assert messages[-1][keys["role"]] in entry["roles_to_train"]
            assert messages[-1][keys["content"]]


def bare(value: object) -> object:
    """Without the keys that Arrow adds where other rows have a value."""
    if isinstance(value, dict):
        return {key: bare(item) for key, item in value.items() if item is not None}
    return [bare(item) for item in value] if isinstance(value, list) else value


def calling(artifacts: Path) -> list[dict]:
    """The rows of fine-tuning of a dataset with tools, of which some call one and some none."""
    rows = lines(artifacts / "calls" / "dataset" / "sft.jsonl")
    called = {call["name"] for row in rows for call in calls(row["completion"])}
    assert called == {"reroute_parcel", "hold_parcel"}
    assert not all(calls(row["completion"]) for row in rows)
    return rows


def calls(messages: list[dict]) -> list[dict]:
    return [call["function"] for message in messages for call in message.get("tool_calls") or []]


def test_parquet_holds_the_same_calls(artifacts: Path, cache: str) -> None:
    folder = str(artifacts / "calls" / "parquet")
    # A cache of its own: datasets tells two folders of one name not apart.
    table = load_dataset(folder, "sft", split="train", cache_dir=f"{cache}/calls").to_list()
    for row in table:
        for call in calls(row["completion"]):
            # A column of objects of many shapes: stored as JSON text.
            call["arguments"] = json.loads(call["arguments"])
    rows = calling(artifacts)
    assert len(table) == len(rows)
    for expected, found in zip(rows, table, strict=True):
        for key in ["id", "prompt", "completion", "tools"]:
            assert bare(found[key]) == expected[key]


@pytest.mark.parametrize("form", ["dataset", "parquet"])
def test_trl_trains_on_calls(artifacts: Path, cache: str, model: str, tmp_path: Path, form: str) -> None:
    folder = artifacts / "calls" / form
    if form == "dataset":
        dataset = load(folder / "sft.jsonl", cache)
    else:
        dataset = load_dataset(str(folder), "sft", split="train", cache_dir=f"{cache}/calls")
    # The tools stand in every prompt.
    losses = train(dataset, model, tmp_path, max_length=2048)
    assert len(losses) == 2 and all(4 < loss < 8 for loss in losses)


def test_llama_factory_finds_calls_and_tools(artifacts: Path, cache: str) -> None:
    """As its converter for sharegpt and its formatter of functions read them."""
    folder = artifacts / "calls" / "llama-factory"
    info = json.loads((folder / "dataset_info.json").read_text())
    (entry,) = [entry for entry in info.values() if entry.get("formatting") == "sharegpt"]
    tags, columns = entry["tags"], entry["columns"]
    dataset = load(folder / entry["file_name"], cache)
    for row, expected in zip(dataset, calling(artifacts), strict=True):
        _, *turns = row[columns["messages"]]
        roles = [message[tags["role_tag"]] for message in turns]
        assert all(role == tags["user_tag"] for role in roles[::2])
        assert all(role in (tags["assistant_tag"], tags["function_tag"]) for role in roles[1::2])
        assert len(roles) % 2 == 0
        functions = [tool["function"] for tool in json.loads(expected["tools"])]
        assert json.loads(row[columns["tools"]]) == functions
        told = calls(expected["completion"])
        assert (roles[-1] == tags["function_tag"]) == bool(told)
        if told:
            thought = re.compile(r"<think>\n(.*?)\n</think>\n\n", re.DOTALL)
            content = turns[-1][tags["content_tag"]]
            assert thought.search(content).group(1) == expected["completion"][-1]["content"]
            assert [json.loads(thought.sub("", content))] == told


def test_axolotl_makes_the_same_prompt(artifacts: Path, cache: str, model: str) -> None:
    """After it has read arguments and parameters, which are JSON text in the file."""
    folder = artifacts / "calls" / "axolotl"
    (entry,) = yaml.safe_load((folder / "axolotl-sft.yaml").read_text())["datasets"]
    dataset = load(folder / entry["path"], cache)
    keys = entry["message_property_mappings"]
    assert keys == {"role": "role", "content": "content", "tool_calls": "tool_calls"}
    tokenizer = AutoTokenizer.from_pretrained(model)
    for row, expected in zip(dataset, calling(artifacts), strict=True):
        messages, tools = (
            bare(row[entry["field_messages"]]),
            bare(row[entry["field_tools"]]),
        )
        for call in calls(messages):
            call["arguments"] = json.loads(call["arguments"])
        for tool in tools:
            tool["function"]["parameters"] = json.loads(tool["function"]["parameters"])
        whole = [*expected["prompt"], *expected["completion"]]
        ours = tokenizer.apply_chat_template(whole, tools=json.loads(expected["tools"]), tokenize=False)
        assert tokenizer.apply_chat_template(messages, tools=tools, tokenize=False) == ours
        assert all(call["name"] in ours for call in calls(whole))
