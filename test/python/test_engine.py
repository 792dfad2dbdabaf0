"""The embedded engine judged by other libraries: what it writes opens there, what it computes agrees."""

import json
import subprocess
import sys
from pathlib import Path

import numpy
import onnx
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "bench" / "engine"))

from torch_gpt import Gpt, GptConfig, adamw, step  # noqa: E402


@pytest.fixture(scope="session")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("engine")
    tsx = ROOT / "node_modules" / "tsx" / "dist" / "cli.mjs"
    script = ROOT / "test" / "python" / "engine_artifacts.ts"
    subprocess.run(["node", str(tsx), str(script), str(folder)], check=True, cwd=ROOT)
    return folder


@pytest.mark.parametrize("name", ["training", "loss", "inference"])
def test_graph_is_valid(artifacts: Path, name: str) -> None:
    model = onnx.load(artifacts / f"{name}.onnx")
    onnx.checker.check_model(model, full_check=True)
    # Graphics providers bind at most about ten buffers to a node.
    assert max(len(node.input) + len(node.output) for node in model.graph.node) <= 8
    assert {node.domain for node in model.graph.node} <= {"", "com.microsoft"}


def test_tokenizer_gives_the_same_ids(artifacts: Path) -> None:
    path = str(artifacts / "tokenizer.json")
    rust = Tokenizer.from_file(path)
    fast = PreTrainedTokenizerFast(tokenizer_file=path)
    cases = json.loads((artifacts / "texts.json").read_text())
    assert cases
    for case in cases:
        assert rust.encode(case["text"], add_special_tokens=False).ids == case["ids"]
        assert fast.encode(case["text"], add_special_tokens=False) == case["ids"]
        assert rust.decode(case["ids"], skip_special_tokens=False) == case["text"]


def test_safetensors_open(artifacts: Path) -> None:
    with safe_open(artifacts / "before.safetensors", "np") as file:
        assert file.metadata() == {"step": "0"}
        embedding = file.get_tensor("embedding")
    assert embedding.shape == (96, 32)
    assert embedding.dtype == numpy.float32
    assert abs(float(embedding.std()) - 0.02) < 0.001


def test_tensorboard_reads_the_curves(artifacts: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    def read(name: str) -> EventAccumulator:
        events = EventAccumulator(str(artifacts / "tensorboard" / name / "internalized-cpt"))
        return events.Reload()

    first = read("1")
    assert {(e.step, e.value) for e in first.Scalars("eval/loss")} == {(4, 4.0), (8, 8.0)}
    losses = first.Scalars("train/loss")
    assert [e.step for e in losses] == list(range(1, 11))
    assert [e.value for e in losses] == pytest.approx([1 / step for step in range(1, 11)])
    assert {"train/learning_rate", "train/num_tokens", "train/tokens_per_second"} <= set(
        first.Tags()["scalars"]
    )
    # Steps that were taken again count once.
    again = read("resumed").Scalars("train/loss")
    assert [e.step for e in again] == list(range(1, 13))
    assert [e.value for e in again[7:]] == pytest.approx([100 + 1 / step for step in range(8, 13)])


def test_training_equals_torch(artifacts: Path) -> None:
    """Five steps of AdamW with clipping: loss, gradient norm and the weights afterwards."""
    record = json.loads((artifacts / "training.json").read_text())
    options = record["options"]
    model = Gpt(GptConfig(**record["config"]))
    model.load(load_file(artifacts / "before.safetensors"))
    optimizer = adamw(model, (options["beta1"], options["beta2"]), options["weightDecay"])
    batch = padded(record["batch"])
    assert int((batch[1] >= 0).sum()) == record["steps"][0]["tokens"]
    assert record["steps"][0]["gradientNorm"] > options["clipNorm"]
    for expected in record["steps"]:
        loss, norm = step(model, optimizer, batch, expected["rate"], options["clipNorm"])
        assert loss == pytest.approx(expected["loss"], rel=1e-5)
        assert norm == pytest.approx(expected["gradientNorm"], rel=1e-4)
    ours = Gpt(model.config)
    ours.load(load_file(artifacts / "after.safetensors"))
    theirs = dict(model.named_parameters())
    for name, parameter in ours.named_parameters():
        torch.testing.assert_close(parameter, theirs[name], rtol=1e-3, atol=2e-5)


def padded(sequences: list[dict]) -> tuple[torch.Tensor, torch.Tensor]:
    time = max(len(sequence["tokens"]) for sequence in sequences) - 1
    tokens = torch.zeros(len(sequences), time, dtype=torch.int64)
    targets = torch.full((len(sequences), time), -100)
    for i, sequence in enumerate(sequences):
        ids = torch.tensor(sequence["tokens"])
        tokens[i, : len(ids) - 1] = ids[:-1]
        start = max(sequence["lossFrom"], 1)
        targets[i, start - 1 : len(ids) - 1] = ids[start:]
    return tokens, targets
