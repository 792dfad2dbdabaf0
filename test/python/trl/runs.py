"""Run folders for tests, as src/training/create-run.ts makes them."""

import json
import multiprocessing
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import preload

ROOT = Path(__file__).resolve().parents[3]
ENGINE = ROOT / "src" / "training" / "engines" / "trl"
Event = dict[str, Any]

TINY: dict[str, Any] = {
    "method": "lora",
    "loraRank": 4,
    "loraAlpha": 8,
    "loraDropout": 0.0,
    "precision": "auto",
    "contextTokens": 128,
    "batchSize": 4,
    "accumulation": 1,
    "gradientCheckpointing": False,
    "cptEpochs": 1,
    "sftEpochs": 1,
    "cptRate": 5e-3,
    "sftRate": 2e-3,
    "warmup": 0.05,
    "weightDecay": 0.0,
    "clipNorm": 1.0,
    "replayShare": 0.1,
    "sftReplay": 0.3,
    "directAnswers": 0.5,
    "rlSteps": 2,
    "rlRate": 1e-4,
    "rlGroup": 2,
    "rlPrompts": 2,
    "rlMaxTokens": 12,
    "rlClipLow": 0.2,
    "rlClipHigh": 0.3,
    "rlKl": 0.01,
    "rlTemperature": 1.0,
    "identifier": "text",
    "retrievalTopK": 2,
    "stepLimit": 8,
    "checkpointEverySteps": 3,
    "processes": 1,
}


def write_dataset(folder: Path) -> Path:
    """A small dataset, made by the extension's own code."""
    tsx = ROOT / "node_modules" / "tsx" / "dist" / "cli.mjs"
    script = Path(__file__).with_name("dataset.ts")
    subprocess.run(["node", str(tsx), str(script), str(folder)], check=True, cwd=ROOT)
    return folder


def make_run(
    parent: Path,
    dataset: Path,
    model: Path | str,
    *,
    name: str = "run",
    stages: tuple[str, ...] = ("cpt", "sft", "exam"),
    arms: tuple[str, ...] = (),
    seed: int = 1,
    replay: str | None = None,
    report_to: tuple[str, ...] = (),
    **hyperparameters: Any,
) -> Path:
    folder = parent / name
    shutil.copytree(dataset, folder / "dataset")
    shutil.copy(ROOT / "media" / "retention.txt", folder / "retention.txt")
    if replay is not None:
        (folder / "replay.txt").write_text(replay, encoding="utf-8")
    manifest = json.loads((dataset / "dataset.json").read_text(encoding="utf-8"))
    spec = {
        "version": 1,
        "id": name,
        "createdAt": "2026-01-01T00:00:00.000Z",
        "policy": {key: manifest["policy"][key] for key in ("path", "title", "sha256")},
        "dataset": {"path": str(dataset), "sha256": manifest["sha256"]},
        "engine": "trl",
        "target": "local",
        "model": {"name": str(model)},
        "stages": list(stages),
        "arms": list(arms),
        "replay": replay is not None,
        "hyperparameters": {**TINY, **hyperparameters},
        "seed": seed,
        **({"reportTo": list(report_to)} if report_to else {}),
        "versions": {},
    }
    (folder / "run.json").write_text(json.dumps(spec), encoding="utf-8")
    return folder


class Trainer:
    """A trainer process, with the few words of subprocess.Popen that the tests use."""

    def __init__(self, process: Any) -> None:
        self._process = process
        self.pid: int = process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        assert self._process.exitcode is not None, "the trainer does not end"
        return self._process.exitcode


def start(folder: Path) -> Trainer:
    """
    The trainer as the extension starts it: in a group of its own, with the log as its output. It is
    forked from a process that has read the heavy packages, which would cost every test ten seconds.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["preload"])
    process = context.Process(target=preload.work, args=(str(folder),))
    process.start()
    return Trainer(process)


def start_fresh(folder: Path, *limits: str, **environment: str) -> subprocess.Popen[bytes]:
    """The trainer in a new interpreter."""
    command = shlex.join([sys.executable, str(ENGINE / "main.py"), str(folder)])
    with (folder / "trainer.log").open("ab") as log:
        return subprocess.Popen(
            ["bash", "-c", "; ".join([*limits, f"exec {command}"])],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**os.environ, **environment},
        )


def train(folder: Path) -> list[Event]:
    """Runs to the end."""
    start(folder).wait(timeout=300)
    return events_of(folder)


def events_of(folder: Path) -> list[Event]:
    path = folder / "events.jsonl"
    if not path.exists():
        return []
    whole = path.read_bytes().rpartition(b"\n")[0]
    return [json.loads(line) for line in whole.splitlines()]


def log_of(folder: Path) -> str:
    return (folder / "trainer.log").read_text(encoding="utf-8", errors="replace")


def wait_for(folder: Path, process: Trainer, fits: Callable[[Event], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not any(fits(event) for event in events_of(folder)):
        assert process.poll() is None, log_of(folder)
        assert time.monotonic() < end, log_of(folder)
        time.sleep(0.02)


def kill(process: Trainer, number: signal.Signals = signal.SIGKILL) -> None:
    os.killpg(process.pid, number)
    process.wait(timeout=60)


def curve(folder: Path, stage: str, arm: str = "internalized") -> dict[int, float]:
    """The loss of every step that counts: a step that was taken again counts once."""
    return {
        event["step"]: event["loss"]
        for event in events_of(folder)
        if event["type"] == "step" and event["stage"] == stage and event["arm"] == arm
    }
