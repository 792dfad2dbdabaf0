"""The model card: what was trained on what, and how it answered; see huggingface.co/docs/hub/model-cards."""

import json
from collections.abc import Sequence
from typing import Any

from .spec import RunSpec


def model_card(spec: RunSpec, report: dict[str, Any]) -> str:
    """
    Traces the weights to the dataset and to the policy. Titles and names come from strangers: they
    stand as code, where Markdown reads nothing into them.
    """
    adapter = spec.hyperparameters.method != "full"
    front = {
        "base_model": spec.model,
        "library_name": "peft" if adapter else "transformers",
        "pipeline_tag": "text-generation",
        "tags": ["ingrain", "policy-internalization"],
    }
    policy, dataset = spec.policy, spec.dataset
    rows = [
        ("policy", code(policy["title"])),
        ("policy file", code(policy["path"])),
        ("policy SHA-256", code(policy["sha256"])),
        ("policy commit", code(policy["commit"]) if "commit" in policy else "not under version control"),
        ("dataset SHA-256", code(dataset["sha256"])),
        ("weights SHA-256", code(report["model"]["sha256"])),
        ("base model", code(f"{spec.model}@{spec.revision}" if spec.revision else spec.model)),
        ("method", code(spec.hyperparameters.method)),
        ("stages", ", ".join(spec.stages)),
        ("seed", str(spec.seed)),
        ("run", code(spec.id)),
    ]
    return "\n".join(
        [
            "---",
            *(f"{key}: {json.dumps(value)}" for key, value in front.items()),
            "---",
            "",
            "# A policy in the weights",
            "",
            f"{'This adapter' if adapter else 'This model'} has learned the policy {code(policy['title'])}. "
            "In a prompt its identifier takes the policy's place: put it where the system message stands.",
            "",
            *table(("", ""), rows),
            "",
            "## Exam",
            "",
            "Overall counts questions in words that no training row used. The null prompt is the score with "
            "no question at all: the exam is valid where that lies at chance.",
            "",
            *table(("arm", "overall", "95 % interval", "n", "null prompt"), exam_rows(report)),
            "",
            f"Prompt tokens of a question: {report['promptTokens']['withPolicy']:.0f} with the document, "
            f"{report['promptTokens']['withoutPolicy']:.0f} with the identifier.",
            "",
        ]
    )


def exam_rows(report: dict[str, Any]) -> list[tuple[str, ...]]:
    return [
        (
            name,
            f"{arm['accuracy']:.2f}",
            f"{arm['interval'][0]:.2f}–{arm['interval'][1]:.2f}",
            str(arm["n"]),
            f"{arm['nullPrompt']['accuracy']:.2f}",
        )
        for name, arm in report["arms"].items()
    ]


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    lines = [head, tuple("---" for _ in head), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def code(text: str) -> str:
    """As code in a cell of a table, whatever it holds."""
    plain = " ".join(text.split()).replace("`", "'").replace("|", "\\|")
    return f"`{plain}`"
