"""`run.json`, as src/training/spec.ts defines it and has checked it."""

import json
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from .errors import TrainingError

StageName = Literal["cpt", "sft", "rl", "exam"]
Tracker = Literal["tensorboard", "trackio"]
ArmName = Literal["base", "policy-in-prompt", "retrieval", "sft-only", "internalized"]


@dataclass(frozen=True)
class Hyperparameters:
    """Documented where they are defined, in src/training/engines/trl/hyperparameters.ts."""

    method: Literal["lora", "qlora", "full"]
    lora_rank: int
    lora_alpha: int
    lora_dropout: float
    precision: Literal["auto", "bfloat16", "float32"]
    context_tokens: int
    batch_size: int
    accumulation: int
    gradient_checkpointing: bool
    cpt_epochs: float
    sft_epochs: float
    cpt_rate: float
    sft_rate: float
    warmup: float
    weight_decay: float
    clip_norm: float
    replay_share: float
    sft_replay: float
    direct_answers: float
    rl_steps: int
    rl_rate: float
    rl_group: int
    rl_prompts: int
    rl_max_tokens: int
    rl_clip_low: float
    rl_clip_high: float
    rl_kl: float
    rl_temperature: float
    identifier: Literal["text", "token"]
    retrieval_top_k: int
    step_limit: int
    checkpoint_every_steps: int
    processes: int


@dataclass(frozen=True)
class Unit:
    """One piece of a run's work."""

    arm: ArmName
    name: StageName

    @property
    def trains(self) -> bool:
        return self.name != "exam"


@dataclass(frozen=True)
class RunSpec:
    """What a run is asked to do."""

    id: str
    policy: dict[str, str]
    dataset: dict[str, str]
    model: str
    revision: str | None
    stages: list[StageName]
    arms: list[ArmName]
    replay: bool
    hyperparameters: Hyperparameters
    seed: int
    report_to: list[Tracker]

    def plan(self) -> list[Unit]:
        """
        The internalized model first, so that a person sees early what counts; then what it is
        compared with.
        """
        own = [Unit("internalized", name) for name in self.stages]
        if "exam" not in self.stages:
            return own
        others: list[ArmName] = ["base", "policy-in-prompt", "retrieval"]
        compared = [Unit(arm, "exam") for arm in others if arm in self.arms]
        if "sft-only" in self.arms and "sft" in self.stages:
            compared += [Unit("sft-only", "sft"), Unit("sft-only", "exam")]
        return own + compared


def read_spec(folder: Path) -> RunSpec:
    """Raises TrainingError for a run of another engine or version."""
    raw: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    if raw.get("version") != 1 or raw.get("engine") != "trl":
        raise TrainingError("run.json is not of a run of the trl engine.", "Start a new run.")
    given = {snake(name): value for name, value in raw["hyperparameters"].items()}
    known = {field.name for field in fields(Hyperparameters)}
    if missing := sorted(known - given.keys()):
        raise TrainingError(f"run.json lacks hyperparameters: {', '.join(missing)}.", "Start a new run.")
    return RunSpec(
        id=raw["id"],
        policy=raw["policy"],
        dataset=raw["dataset"],
        model=raw["model"]["name"],
        revision=raw["model"].get("revision"),
        stages=raw["stages"],
        arms=raw["arms"],
        replay=raw.get("replay", False),
        hyperparameters=Hyperparameters(**{name: given[name] for name in known}),
        seed=raw["seed"],
        report_to=raw.get("reportTo", []),
    )


def snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda capital: f"_{capital[0].lower()}", name)
