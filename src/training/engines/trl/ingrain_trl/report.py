"""`report.json`, as src/evaluation/report.ts defines it."""

import hashlib
from pathlib import Path
from typing import Any

from .data import RunDataset
from .events import now
from .model import Models
from .progress import Progress
from .spec import RunSpec


def build_report(
    spec: RunSpec, dataset: RunDataset, models: Models, progress: Progress, weights: Path, parameters: int
) -> dict[str, Any]:
    """A finished run's report. Prompt tokens are counted by the model's own tokenizer."""
    return {
        "version": 1,
        "run": spec.id,
        "policy": spec.policy,
        "dataset": spec.dataset,
        "model": {
            "sha256": hash_weights(weights),
            "parameters": parameters,
            "engine": "trl",
            "name": spec.model,
        },
        "arms": progress.arms,
        **({"probes": progress.probes} if progress.probes else {}),
        "promptTokens": prompt_tokens(dataset, models, spec.model),
        "stages": progress.stages,
        "wallSeconds": progress.total_seconds,
        "at": now(),
    }


def prompt_tokens(dataset: RunDataset, models: Models, name: str) -> dict[str, Any]:
    """Mean tokens of a question's prompt: with the identifier, and with the document in its place."""

    def count(text: str) -> int:
        return len(models.tokenizer(text, add_special_tokens=False)["input_ids"])

    policy = count(dataset.document())
    identifier = count(models.token)
    questions = [
        sum(count(message["content"]) for message in item["prompt"] if message["role"] != "system")
        for item in dataset.exam
    ]
    question = sum(questions) / max(1, len(questions))
    with_policy = policy + question
    return {
        "withPolicy": with_policy,
        "withoutPolicy": identifier + question,
        "reduction": 1 - (identifier + question) / with_policy if with_policy > 0 else 0,
        "policy": policy,
        "identifier": identifier,
        "tokenizer": f"the tokenizer of {Path(name).name}",
    }


def hash_weights(folder: Path) -> str:
    """SHA-256 over the model's weight files, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.safetensors")):
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
