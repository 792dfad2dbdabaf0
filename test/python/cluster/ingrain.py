"""The command line, as a user of a cluster calls it; needs `npm run build`."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from cluster import RayCluster
from runs import ROOT, Event, events_of

SETTINGS = (
    *("contextTokens=128", "batchSize=2", "loraRank=4", "gradientCheckpointing=false"),
    *("checkpointEverySteps=3", "stepLimit=18", "cptRate=0.005", "sftRate=0.002"),
)


class Workspace:
    def __init__(self, folder: Path, cluster: RayCluster, dataset: Path, model: Path) -> None:
        self.folder = folder
        self._cluster = cluster
        self._dataset = dataset
        self._model = model
        (folder / ".ingrain").mkdir()

    def call(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["node", str(ROOT / "dist" / "cli.js"), *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=280,
            env=os.environ,
        )

    def train(self, *arguments: str, **instead: str) -> "subprocess.CompletedProcess[str]":
        """On two workers, unless told otherwise."""
        options = {
            "address": self._cluster.address,
            "storage": str(self._cluster.storage),
            "workers": "2",
            "model": str(self._model),
            **instead,
        }
        return self.call(
            *("train", str(self._dataset), "--engine", "trl", "--target", "ray", "--arms", ","),
            *(part for name, value in options.items() for part in (f"--{name}", value)),
            *(part for setting in SETTINGS for part in ("--set", setting)),
            *arguments,
        )

    def start(self) -> Path:
        """A run that goes on. Its folder."""
        started = self.train("--detach")
        assert started.returncode == 0, started.stderr
        return Path(started.stdout.strip())

    def runs(self) -> list[Path]:
        return sorted((self.folder / ".ingrain").glob("runs/2*"))


def wait_until(condition: Callable[[], object], run: Path, seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, (run / "trainer.log").read_text(encoding="utf-8")[-6000:]
        time.sleep(0.1)


def last(run: Path) -> Event:
    events = events_of(run)
    return events[-1] if events else {"type": ""}


def is_over(run: Path) -> bool:
    return last(run)["type"] in ("finished", "failed", "cancelled")
