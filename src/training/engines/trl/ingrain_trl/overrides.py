"""`resume.json`: what a person changed when the run was taken up again."""

import json
from dataclasses import replace
from pathlib import Path

from .errors import TrainingError
from .spec import RunSpec


def apply(spec: RunSpec, folder: Path) -> RunSpec:
    """A smaller batch accumulates more, so that steps and data order stay as they were."""
    path = folder / "resume.json"
    if not path.exists():
        return spec
    hyperparameters = spec.hyperparameters
    batch = int(json.loads(path.read_text(encoding="utf-8"))["batchSize"])
    whole = hyperparameters.batch_size * hyperparameters.accumulation
    if batch < 1 or whole % batch != 0:
        raise TrainingError(
            f"A batch size of {batch} does not divide the {whole} sequences of a step.",
            "Resume with a batch size that does.",
        )
    return replace(
        spec, hyperparameters=replace(hyperparameters, batch_size=batch, accumulation=whole // batch)
    )
