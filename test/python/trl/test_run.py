"""Whole runs of the trl engine, as the extension starts them."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch
from peft import PeftModel
from runs import ENGINE, ROOT, curve, events_of, kill, log_of, make_run, start, start_fresh, train, wait_for
from safetensors.torch import load_file
from tiny import NO_SYSTEM, corpus, write_model
from transformers import AutoModelForCausalLM

ARMS = ("base", "policy-in-prompt", "retrieval", "sft-only")
Weights = dict[str, Any]


def last(folder: Path) -> dict[str, Any]:
    return events_of(folder)[-1]


def weights(folder: Path) -> Weights:
    return load_file(folder / "model" / "adapter_model.safetensors")


def assert_same(folder: Path, other: Path, *stages: str) -> None:
    for stage in stages:
        assert curve(folder, stage) == pytest.approx(curve(other, stage), abs=1e-5), stage
    ours, theirs = weights(folder), weights(other)
    assert ours.keys() == theirs.keys()
    for name, tensor in ours.items():
        assert (tensor - theirs[name]).abs().max() < 1e-5, name


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, dataset: Path, qwen: Path) -> Path:
    folder = make_run(
        tmp_path_factory.mktemp("runs"), dataset, qwen, stages=("cpt", "sft", "rl", "exam"), arms=ARMS
    )
    assert train(folder)[-1]["type"] == "finished", log_of(folder)
    return folder


def check_with_schemas(folder: Path) -> dict[str, Any]:
    """Reads the folder with the extension's own schemas. Returns what they make of it."""
    tsx = ROOT / "node_modules" / "tsx" / "dist" / "cli.mjs"
    script = Path(__file__).with_name("read_run.ts")
    out = subprocess.run(
        ["node", str(tsx), str(script), str(folder)], check=True, cwd=ROOT, capture_output=True
    )
    return json.loads(out.stdout)


def test_the_extension_reads_what_a_run_writes(undisturbed: Path) -> None:
    read = check_with_schemas(undisturbed)
    assert read["status"] == "finished"
    assert read["warnings"] == []
    assert sorted(read["arms"]) == sorted([*ARMS, "internalized"])
    assert [f"{stage['arm']} {stage['name']}" for stage in read["stages"]] == [
        *("internalized cpt", "internalized sft", "internalized rl", "internalized exam"),
        *("base exam", "policy-in-prompt exam", "retrieval exam"),
        *("sft-only sft", "sft-only exam"),
    ]
    trained = [stage for stage in read["stages"] if stage["name"] != "exam"]
    assert all(stage["tokens"] > 0 and stage["seconds"] > 0 for stage in trained)
    assert all(stage["wallSeconds"] > 0 for stage in read["stages"])
    assert sorted(read["probes"]) == ["base", "internalized"]
    assert read["probes"]["base"]["retention"]["perplexity"] > 1


def test_a_run_leaves_the_adapter_and_no_litter(undisturbed: Path) -> None:
    assert sorted(path.name for path in (undisturbed / "model").iterdir()) == [
        "README.md",
        "adapter_config.json",
        "adapter_model.safetensors",
        "chat_template.jinja",
        "tokenizer.json",
        "tokenizer_config.json",
    ]
    assert not list((undisturbed / "checkpoints").rglob("*.safetensors"))
    assert not (undisturbed / ".reserve").exists()


def test_the_card_traces_the_weights_to_the_policy(undisturbed: Path) -> None:
    card = (undisturbed / "model" / "README.md").read_text(encoding="utf-8")
    spec = json.loads((undisturbed / "run.json").read_text())
    report = json.loads((undisturbed / "report.json").read_text())
    for traced in (spec["policy"]["sha256"], spec["dataset"]["sha256"], report["model"]["sha256"]):
        assert traced in card
    weights_file = (undisturbed / "model" / "adapter_model.safetensors").read_bytes()
    assert hashlib.sha256(weights_file).hexdigest() in card


def test_a_title_cannot_break_out_of_the_card() -> None:
    from ingrain_trl.card import code

    assert code("a | b `c`\n# d") == "`a \\| b 'c' # d`"


def test_the_merged_model_answers_as_the_adapter_does(tmp_path: Path, undisturbed: Path, qwen: Path) -> None:
    out = tmp_path / "merged"
    merge = [sys.executable, str(ENGINE / "merge.py"), str(undisturbed), str(out)]
    subprocess.run(merge, check=True, capture_output=True)
    base = AutoModelForCausalLM.from_pretrained(qwen)
    adapted = PeftModel.from_pretrained(base, undisturbed / "model").eval()
    merged = AutoModelForCausalLM.from_pretrained(out).eval()
    ids = torch.arange(300, 340)[None]
    with torch.no_grad():
        assert torch.allclose(adapted(ids).logits, merged(ids).logits, atol=1e-4)
    again = subprocess.run(merge, capture_output=True, text=True)
    assert again.returncode == 1 and "is not empty" in again.stderr


def test_pretraining_is_heard_on_the_loss(tmp_path: Path, dataset: Path, qwen: Path) -> None:
    folder = make_run(
        tmp_path,
        dataset,
        qwen,
        stages=("cpt", "sft"),
        method="full",
        stepLimit=60,
        cptRate=1e-2,
        checkpointEverySteps=100,
        replay="The moon is far away. " * 200,
        gradientCheckpointing=True,
    )
    assert train(folder)[-1]["type"] == "finished", log_of(folder)
    losses = list(curve(folder, "cpt").values())
    assert sum(losses[-5:]) / 5 < 0.75 * sum(losses[:5]) / 5
    held_out = [e["heldOutLoss"] for e in events_of(folder) if "heldOutLoss" in e]
    assert held_out[-1] < 0.8 * held_out[0]
    assert (folder / "model" / "model.safetensors").exists()


@pytest.mark.parametrize("stage,step", [("cpt", 4), ("sft", 5), ("rl", 1)])
def test_a_killed_run_goes_on_to_the_same_weights(
    tmp_path: Path, undisturbed: Path, dataset: Path, qwen: Path, stage: str, step: int
) -> None:
    folder = make_run(tmp_path, dataset, qwen, stages=("cpt", "sft", "rl", "exam"))
    process = start(folder)
    wait_for(folder, process, lambda e: e["type"] == "step" and e["stage"] == stage and e["step"] >= step)
    kill(process)
    before = len(events_of(folder))
    assert train(folder)[-1]["type"] == "finished", log_of(folder)
    again = events_of(folder)[before]
    assert again["type"] == "started"
    assert again["resumed"]["stage"] == stage or again["resumed"]["step"] == 0
    assert_same(folder, undisturbed, "cpt", "sft", "rl")


def test_a_run_that_is_killed_after_its_last_step_takes_no_other(
    tmp_path: Path, undisturbed: Path, dataset: Path, qwen: Path
) -> None:
    folder = make_run(tmp_path, dataset, qwen, stages=("cpt", "sft", "rl", "exam"))
    process = start(folder)
    wait_for(folder, process, lambda e: e["type"] == "checkpoint" and e["step"] == 8)
    kill(process)
    assert train(folder)[-1]["type"] == "finished", log_of(folder)
    assert max(curve(folder, "cpt")) == 8
    assert_same(folder, undisturbed, "cpt", "sft", "rl")


def test_a_cancelled_run_keeps_its_last_step(
    tmp_path: Path, undisturbed: Path, dataset: Path, qwen: Path
) -> None:
    folder = make_run(tmp_path, dataset, qwen, stages=("cpt", "sft", "rl", "exam"))
    process = start(folder)
    wait_for(folder, process, lambda e: e["type"] == "step" and e["step"] >= 2)
    kill(process, signal.SIGTERM)
    assert process.poll() == 0
    events = events_of(folder)
    assert events[-1]["type"] == "cancelled"
    steps = [event for event in events if event["type"] == "step"]
    checkpoints = [event for event in events if event["type"] == "checkpoint"]
    assert checkpoints[-1]["step"] == steps[-1]["step"]
    assert train(folder)[-1]["type"] == "finished", log_of(folder)
    assert_same(folder, undisturbed, "cpt", "sft", "rl")


def test_the_cancel_file_stops_a_run_where_there_are_no_signals(
    tmp_path: Path, dataset: Path, qwen: Path
) -> None:
    folder = make_run(tmp_path, dataset, qwen, stages=("cpt",), stepLimit=100_000, cptEpochs=1000)
    process = start(folder)
    wait_for(folder, process, lambda e: e["type"] == "step")
    (folder / "cancel").touch()
    process.wait(timeout=30)
    assert last(folder)["type"] == "cancelled"


def test_a_cut_off_checkpoint_is_passed_over(
    tmp_path: Path, undisturbed: Path, dataset: Path, qwen: Path
) -> None:
    folder = make_run(tmp_path, dataset, qwen, stages=("cpt", "sft", "rl", "exam"))
    process = start(folder)
    wait_for(folder, process, lambda e: e["type"] == "checkpoint" and e["step"] >= 6)
    kill(process)
    newest = max((folder / "checkpoints" / "00").glob("checkpoint-*"), key=lambda p: int(p.name[11:]))
    optimizer = newest / "optimizer.pt"
    os.truncate(optimizer, optimizer.stat().st_size // 2)
    assert train(folder)[-1]["type"] == "finished", log_of(folder)
    warnings = [e["message"] for e in events_of(folder) if e["type"] == "warning"]
    assert any("optimizer.pt is cut off" in message for message in warnings)
    assert_same(folder, undisturbed, "cpt", "sft", "rl")


def test_a_smaller_batch_goes_on_to_the_same_curve(
    tmp_path: Path, undisturbed: Path, dataset: Path, qwen: Path
) -> None:
    folder = make_run(tmp_path, dataset, qwen, stages=("cpt",))
    process = start(folder)
    wait_for(folder, process, lambda e: e["type"] == "checkpoint")
    kill(process)
    (folder / "resume.json").write_text('{"batchSize": 2}')
    assert train(folder)[-1]["type"] == "finished", log_of(folder)
    assert curve(folder, "cpt") == pytest.approx(curve(undisturbed, "cpt"), abs=2e-3)


def test_two_processes_share_a_run(tmp_path: Path, dataset: Path, qwen: Path) -> None:
    folder = make_run(
        tmp_path, dataset, qwen, stages=("cpt", "exam"), arms=("base",), processes=2, batchSize=2
    )
    process = start(folder)
    wait_for(folder, process, lambda e: e["type"] == "step" and e["step"] >= 2)
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) >= 3
    kill(process, signal.SIGTERM)
    assert last(folder)["type"] == "cancelled", log_of(folder)
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
    assert train(folder)[-1]["type"] == "finished", log_of(folder)
    steps = [e["step"] for e in events_of(folder) if e["type"] == "step"]
    assert sorted(set(steps)) == list(range(1, 9))
    assert check_with_schemas(folder)["arms"] == ["internalized", "base"]


def test_workers_do_not_outlive_a_killed_run(tmp_path: Path, dataset: Path, qwen: Path) -> None:
    folder = make_run(
        tmp_path, dataset, qwen, stages=("cpt",), processes=2, stepLimit=100_000, cptEpochs=1000
    )
    process = start(folder)
    wait_for(folder, process, lambda e: e["type"] == "step")
    children = psutil.Process(process.pid).children(recursive=True)
    kill(process)
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def test_the_identifier_as_a_token_of_its_own(tmp_path: Path, dataset: Path, qwen: Path) -> None:
    folder = make_run(tmp_path, dataset, qwen, stages=("cpt", "sft", "exam"), identifier="token")
    assert train(folder)[-1]["type"] == "finished", log_of(folder)
    report = json.loads((folder / "report.json").read_text())
    assert report["promptTokens"]["identifier"] == 1
    trained = weights(folder)
    assert any("token_adapter" in name or "trainable_tokens" in name for name in trained), trained.keys()


def test_a_template_without_a_system_role(tmp_path: Path, dataset: Path) -> None:
    model = write_model(tmp_path / "llama", corpus(dataset), family="llama", template=NO_SYSTEM)
    folder = make_run(tmp_path, dataset, model)
    assert train(folder)[-1]["type"] == "finished", log_of(folder)


def test_a_model_without_a_chat_template_gets_a_plain_one(tmp_path: Path, dataset: Path) -> None:
    model = write_model(tmp_path / "base", corpus(dataset), template=None)
    folder = make_run(tmp_path, dataset, model)
    assert train(folder)[-1]["type"] == "finished", log_of(folder)
    assert any(
        event["type"] == "warning" and "no chat template" in event["message"] for event in events_of(folder)
    )
    assert (folder / "model" / "chat_template.jinja").exists()


def test_the_lock_is_given_back(tmp_path: Path, dataset: Path) -> None:
    folder = make_run(tmp_path, dataset, tmp_path / "nowhere")
    sha256 = json.loads((folder / "run.json").read_text())["dataset"]["sha256"]
    lock = tmp_path / ".locks" / sha256[:32]
    lock.parent.mkdir()
    lock.write_text(json.dumps({"run": folder.name}))
    train(folder)
    assert not lock.exists()
    lock.write_text(json.dumps({"run": "another"}))
    train(folder)
    assert lock.exists()


def test_runs_on_one_machine_take_turns(tmp_path: Path, dataset: Path, qwen: Path) -> None:
    endless = {"stages": ("cpt",), "stepLimit": 100_000, "cptEpochs": 10_000}
    first = make_run(tmp_path, dataset, qwen, name="first", **endless)
    one = start(first)
    wait_for(first, one, lambda e: e["type"] == "step")
    second = make_run(tmp_path, dataset, qwen, name="second", stages=("cpt",))
    two = start(second)
    wait_for(second, two, lambda e: e["type"] == "queued" and e["behind"] == "first")
    third = make_run(tmp_path, dataset, qwen, name="third", **endless)
    three = start(third)
    wait_for(third, three, lambda e: e["type"] == "queued" and e["behind"] == "second")
    kill(three, signal.SIGTERM)
    assert [event["type"] for event in events_of(third)] == ["queued", "cancelled"]
    assert check_with_schemas(third)["status"] == "cancelled"
    kill(one)
    two.wait(timeout=120)
    assert [event["type"] for event in events_of(second)][:2] == ["queued", "started"]
    assert last(second)["type"] == "finished"


class TestFaults:
    """Each made to happen, as far as a machine without a GPU can."""

    def failure(self, folder: Path) -> tuple[str, str]:
        event = train(folder)[-1]
        assert event["type"] == "failed", log_of(folder)
        return event["error"], event["hint"]

    def test_no_such_folder(self, tmp_path: Path, dataset: Path) -> None:
        error, hint = self.failure(make_run(tmp_path, dataset, tmp_path / "nowhere"))
        assert "There is no model in" in error and "config.json" in hint

    def test_a_hub_model_while_offline(self, tmp_path: Path, dataset: Path) -> None:
        folder = make_run(tmp_path, dataset, "Qwen/Qwen3-0.6B")
        start_fresh(folder, HF_HOME=str(tmp_path / "cache")).wait(timeout=100)
        assert "HF_HUB_OFFLINE forbids" in last(folder)["error"]
        assert "local folder" in last(folder)["hint"]

    def test_weights_that_can_run_code_are_refused(self, tmp_path: Path, dataset: Path, qwen: Path) -> None:
        model = tmp_path / "pickled"
        shutil.copytree(qwen, model)
        (model / "model.safetensors").rename(model / "pytorch_model.bin")
        error, _ = self.failure(make_run(tmp_path, dataset, model))
        assert "safetensors" in error

    def test_a_loss_that_is_no_number(self, tmp_path: Path, dataset: Path, qwen: Path) -> None:
        folder = make_run(
            tmp_path,
            dataset,
            qwen,
            method="full",
            cptRate=1e30,
            warmup=0.0,
            clipNorm=1e30,
            checkpointEverySteps=1,
        )
        error, hint = self.failure(folder)
        assert "no number any more at step" in error and "cptRate" in hint
        steps = [e["step"] for e in events_of(folder) if e["type"] == "checkpoint"]
        assert steps and (folder / "checkpoints" / "00" / f"checkpoint-{steps[-1]}").is_dir()

    def test_too_little_memory(self, tmp_path: Path, dataset: Path) -> None:
        """The memory of the machine stands in for that of a GPU."""
        model = write_model(tmp_path / "wide", corpus(dataset), inner=32768)
        folder = make_run(
            tmp_path, dataset, model, stages=("cpt",), batchSize=64, contextTokens=512, cptEpochs=50
        )
        start_fresh(folder, "ulimit -v 8000000").wait(timeout=200)
        event = last(folder)
        assert event["type"] == "failed", log_of(folder)
        assert "too small for a batch of 64" in event["error"], event
        assert "batch size of 32" in event["hint"] and event["batchSize"] == 32

    def test_a_full_disk(self, tmp_path: Path, undisturbed: Path, dataset: Path, qwen: Path) -> None:
        disk = tmp_path / "disk"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "ingrain-test", str(disk)]
        if subprocess.run(mount, capture_output=True).returncode != 0:
            pytest.skip("mounting a small disk is not allowed here")
        try:
            folder = make_run(disk, dataset, qwen, stages=("cpt", "sft", "rl", "exam"))
            process = start(folder)
            wait_for(folder, process, lambda e: e["type"] == "checkpoint")
            filler = disk / "filler"
            subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=4k"], capture_output=True)
            process.wait(timeout=60)
            assert last(folder)["error"] == "The disk is full.", log_of(folder)
            filler.unlink()
            assert train(folder)[-1]["type"] == "finished", log_of(folder)
            assert_same(folder, undisturbed, "cpt", "sft", "rl")
        finally:
            time.sleep(0.1)
            subprocess.run(["umount", "-l", str(disk)], check=True)


def test_curves_go_to_tensorboard(tmp_path: Path, dataset: Path, qwen: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    folder = make_run(tmp_path, dataset, qwen, arms=("sft-only",), report_to=("tensorboard",))
    assert train(folder)[-1]["type"] == "finished", log_of(folder)
    for stage, arm in (("cpt", "internalized"), ("sft", "internalized"), ("sft", "sft-only")):
        events = EventAccumulator(str(folder / "tensorboard" / f"{arm}-{stage}")).Reload()
        losses = {event.step: event.value for event in events.Scalars("train/loss")}
        assert losses == pytest.approx(curve(folder, stage, arm), abs=1e-4)
    assert "reportTo" in json.loads((folder / "run.json").read_text())
    check_with_schemas(folder)


def test_a_tracker_that_is_not_installed(tmp_path: Path, dataset: Path, qwen: Path) -> None:
    """trackio is no requirement of the suite."""
    folder = make_run(tmp_path, dataset, qwen, report_to=("trackio",))
    event = train(folder)[-1]
    assert event["type"] == "failed"
    assert event["error"] == "Reporting to trackio needs the Python package trackio."
    assert "resume the run" in event["hint"]
