"""What a job finds on the cluster, and how it speaks to the machine that submitted it."""

import base64
import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RUN = Path(__file__).resolve().parents[1] / "run"
"""The run folder's files, beside this program in the job's package."""
PIECE_BYTES = 48 * 1024


@dataclass(frozen=True)
class Cluster:
    """The part `cluster` of run.json; see src/training/spec.ts."""

    key: str
    """Stands in every line for the follower, so that nothing else in the log is taken for one."""
    folder: str
    """Where the run lies in the storage: its checkpoints, and at the end its model."""
    workers: int


def read_cluster(folder: Path) -> Cluster:
    raw = json.loads((folder / "run.json").read_text(encoding="utf-8"))["cluster"]
    return Cluster(key=raw["key"], folder=raw["folder"], workers=raw["workers"])


class Log:
    """
    The job's log is what the submitting machine reads: a line for every event, numbered, so that one
    who reads it again knows where he was.
    """

    def __init__(self, key: str) -> None:
        self._key = key
        self._count = 0
        self._lock = threading.Lock()

    def tell(self, value: dict[str, Any]) -> None:
        with self._lock:
            self._count += 1
            line = json.dumps({"n": self._count, **value}, ensure_ascii=False, allow_nan=False)
            # One write to a file that is appended to: no other process gets between its parts.
            os.write(1, f"\n[ingrain {self._key}] {line}\n".encode())

    def send_file(self, name: str, content: bytes) -> None:
        """A small file of the run folder, in pieces."""
        pieces = [content[at : at + PIECE_BYTES] for at in range(0, len(content), PIECE_BYTES)] or [b""]
        for index, piece in enumerate(pieces):
            part = {"index": index, "of": len(pieces), "data": base64.b64encode(piece).decode()}
            self.tell({"type": "file", "name": name, **part})
