"""Where a run stands: what is done is kept, so that a resumed run does not do it again."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .files import write_json

MARK = "whole.json"
"""Written last into a checkpoint: whatever has it, and all the files that it lists, is whole."""


@dataclass
class Progress:
    """Of the run as a whole."""

    unit: int = 0
    total_seconds: float = 0.0
    arms: dict[str, Any] = field(default_factory=dict)
    probes: dict[str, Any] = field(default_factory=dict)
    stages: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Spent:
    """What a unit has cost so far."""

    tokens: int = 0
    seconds: float = 0.0
    wall_seconds: float = 0.0


@dataclass(frozen=True)
class Checkpoint:
    """Of a unit that trains."""

    path: Path
    step: int
    spent: Spent

    @property
    def is_last(self) -> bool:
        """Every step of the unit is done."""
        state = json.loads((self.path / "trainer_state.json").read_text(encoding="utf-8"))
        return bool(self.step >= state["max_steps"])


class Checkpoints:
    """The folder `checkpoints/` of a run: its progress, and a folder for each unit that trains."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def read_progress(self) -> Progress:
        path = self._folder / "progress.json"
        if not path.exists():
            return Progress()
        return Progress(**json.loads(path.read_text(encoding="utf-8")))

    def write_progress(self, progress: Progress) -> None:
        write_json(self._folder / "progress.json", asdict(progress))

    def unit(self, index: int) -> Path:
        return self._folder / f"{index:02d}"

    def final(self, index: int) -> Path:
        """The weights that a unit ended with."""
        return self.unit(index) / "final"

    def forget(self, index: int, *, final: bool = False) -> None:
        """Frees the room that a unit's checkpoints take; with `final` that of its weights too."""
        for path in self.unit(index).glob("checkpoint-*"):
            shutil.rmtree(path, ignore_errors=True)
        if final:
            shutil.rmtree(self.final(index), ignore_errors=True)

    def newest(self, index: int, broken: Callable[[str], None]) -> Checkpoint | None:
        """The newest whole checkpoint of a unit; `broken` is told of each that cannot be used."""
        for path in newest_first(self.unit(index)):
            if reason := flaw(path):
                broken(f"The checkpoint {path.name} cannot be used: {reason}.")
                shutil.rmtree(path, ignore_errors=True)
                continue
            mark = json.loads((path / MARK).read_text(encoding="utf-8"))
            return Checkpoint(path, mark["step"], Spent(**mark["spent"]))
        return None

    def newest_step(self, index: int) -> int:
        """Of the newest whole checkpoint; 0 where there is none."""
        whole = (path for path in newest_first(self.unit(index)) if not flaw(path))
        return next((int(path.name.split("-")[1]) for path in whole), 0)


def seal(path: Path, step: int, spent: Spent) -> None:
    """Says that a checkpoint is whole."""
    sizes = {
        str(file.relative_to(path)): file.stat().st_size
        for file in sorted(path.rglob("*"))
        if file.is_file() and file.name != MARK
    }
    write_json(path / MARK, {"step": step, "spent": asdict(spent), "files": sizes})


def newest_first(unit: Path) -> Iterator[Path]:
    paths = [path for path in unit.glob("checkpoint-*") if path.name.split("-")[1].isdigit()]
    yield from sorted(paths, key=lambda path: int(path.name.split("-")[1]), reverse=True)


def flaw(path: Path) -> str:
    """Why a checkpoint is not whole; empty when it is."""
    try:
        files = json.loads((path / MARK).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError):
        return "it was not written to its end"
    for name, size in files.items():
        file = path / name
        if not file.is_file():
            return f"{name} is missing"
        if file.stat().st_size != size:
            return f"{name} is cut off"
    return ""
