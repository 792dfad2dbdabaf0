"""What the curves are written for beside the events: TensorBoard's event files, trackio's database."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .errors import TrainingError
from .spec import RunSpec, Tracker, Unit

PACKAGES: dict[Tracker, tuple[str, ...]] = {
    "tensorboard": ("tensorboard", "tensorboardX"),
    "trackio": ("trackio",),
}
"""Any one of them does."""
PROJECT = "ingrain"
"""Of trackio."""


def prepare(spec: RunSpec, unit: Unit, folder: Path) -> None:
    """Raises TrainingError for a package that is not there. The folder is the run's."""
    for tracker in spec.report_to:
        if not any(find_spec(name) for name in PACKAGES[tracker]):
            raise TrainingError(
                f"Reporting to {tracker} needs the Python package {tracker}.",
                "Install it into the interpreter and resume the run.",
            )
    # The only way to tell transformers where: a folder for each arm and stage, as the embedded engine has.
    os.environ["TENSORBOARD_LOGGING_DIR"] = str(folder / "tensorboard" / name_of(unit))


def arguments(spec: RunSpec, unit: Unit) -> dict[str, Any]:
    """Of transformers' Trainer. Nothing leaves the machine: no Space on the hub."""
    return {
        "report_to": list(spec.report_to),
        "run_name": f"{spec.id}/{name_of(unit)}",
        "project": PROJECT,
        "trackio_space_id": None,
        "trackio_static_space_id": False,
    }


def name_of(unit: Unit) -> str:
    return f"{unit.arm}-{unit.name}"
