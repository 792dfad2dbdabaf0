"""The trl engine from the command line, as a user runs it; needs `npm run build`."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from runs import ROOT, curve, events_of

SMALL = (
    "contextTokens=128",
    "batchSize=4",
    "loraRank=4",
    "checkpointEverySteps=3",
    "gradientCheckpointing=false",
)


def ingrain(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", str(ROOT / "dist" / "cli.js"), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", **environment},
    )


def train(
    folder: Path, dataset: Path, model: Path, *arguments: str, steps: int = 8
) -> subprocess.CompletedProcess[str]:
    settings = [part for name in (*SMALL, f"stepLimit={steps}") for part in ("--set", name)]
    return ingrain(
        folder,
        *("train", str(dataset), "--engine", "trl", "--model", str(model), "--python", sys.executable),
        *("--arms", "base", *settings, *arguments),
    )


def test_a_run_is_checked_trained_and_reported(tmp_path: Path, dataset: Path, qwen: Path) -> None:
    (tmp_path / ".ingrain").mkdir()
    done = train(tmp_path, dataset, qwen, "--json")
    assert done.returncode == 0, done.stderr
    assert "No CUDA GPU is here" in done.stderr or "free" in done.stderr
    assert re.search(r"trl 1\.13", done.stderr)
    report = json.loads(done.stdout)
    assert sorted(report["arms"]) == ["base", "internalized"]
    [run] = (tmp_path / ".ingrain" / "runs").glob("2*")
    shown = ingrain(tmp_path, "runs", "show", run.name)
    assert "retention" in shown.stdout and "internalized" in shown.stdout, shown.stdout


def test_a_run_is_cancelled_and_goes_on(tmp_path: Path, dataset: Path, qwen: Path) -> None:
    (tmp_path / ".ingrain").mkdir()
    started = train(tmp_path, dataset, qwen, "--detach", "--set", "cptEpochs=500", steps=400)
    assert started.returncode == 0, started.stderr
    run = Path(started.stdout.strip())
    end = time.monotonic() + 120
    while not curve(run, "cpt"):
        assert time.monotonic() < end
        time.sleep(0.1)
    cancelled = ingrain(tmp_path, "runs", "cancel", run.name)
    assert "is cancelled; its process is gone" in cancelled.stdout, cancelled.stderr
    assert "by force" not in cancelled.stdout
    before = max(curve(run, "cpt"))
    again = ingrain(tmp_path, "runs", "resume", run.name, "--detach", "--python", sys.executable)
    assert again.returncode == 0, again.stderr
    resumed = [event["resumed"] for event in events_of(run) if "resumed" in event]
    assert resumed == [{"stage": "cpt", "step": before}]
    ingrain(tmp_path, "runs", "cancel", run.name)


def test_what_is_missing_is_named_before_anything_starts(tmp_path: Path, dataset: Path, qwen: Path) -> None:
    (tmp_path / ".ingrain").mkdir()
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    python = bare / "bin" / "python"
    done = ingrain(
        tmp_path, "train", str(dataset), "--engine", "trl", "--model", str(qwen), "--python", str(python)
    )
    assert done.returncode == 2
    assert "The Python packages are missing: torch" in done.stderr
    assert "ingrain setup" in done.stderr
    assert not (tmp_path / ".ingrain" / "runs").exists()
    done = train(tmp_path, dataset, tmp_path / "nowhere")
    assert done.returncode == 2 and "there is no model in" in done.stderr
