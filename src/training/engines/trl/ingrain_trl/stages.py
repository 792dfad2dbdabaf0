"""The stages that train: continued pretraining, fine-tuning, and reinforcement (rollout.py)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from . import rollout, trackers
from .data import RunDataset, pretraining, remembered, replayed, trajectories
from .errors import TrainingError
from .model import Models, has_bfloat16, has_flash_attention, has_liger
from .probes import spread
from .prompts import Prompter
from .spec import RunSpec, Unit
from .team import Team

MOST_HELD_OUT = 24
"""More rows would slow training down."""
HELD_OUT_CHECKS = 20
FINAL_RATE = 0.1
"""The rate at the end, as a share of the peak."""


@dataclass(frozen=True)
class Workshop:
    """What every stage of a run works with."""

    spec: RunSpec
    dataset: RunDataset
    models: Models
    prompter: Prompter
    team: Team
    folder: Path

    def trainer(self, unit: Unit, model: Any, output: Path, callbacks: list[Any]) -> Any:
        """A trainer of TRL for the unit; it starts from the model as it is."""
        trackers.prepare(self.spec, unit, self.folder)
        if unit.name == "rl":
            rows = trajectories(self.dataset, 0.0, self.spec.seed)
            return rollout.make_trainer(
                model,
                self.models.tokenizer,
                self.prompter,
                rows,
                self.spec.hyperparameters,
                self.team,
                self._common(unit, output),
                callbacks,
            )
        return self._sft_trainer(unit, model, output, callbacks)

    def _sft_trainer(self, unit: Unit, model: Any, output: Path, callbacks: list[Any]) -> Any:
        from datasets import Dataset
        from trl import SFTConfig, SFTTrainer

        packs = unit.name == "cpt"
        rows, held_out = self._pretraining() if packs else (self._fine_tuning(unit), [])
        arguments = SFTConfig(
            **self._common(unit, output),
            num_train_epochs=self._epochs(unit),
            max_length=self.spec.hyperparameters.context_tokens,
            packing=packs,
            # Rows that share a sequence see only themselves where FlashAttention keeps them apart.
            packing_strategy="bfd" if has_flash_attention() else "wrapped",
            eval_packing=False,
            shuffle_dataset=packs,
            eval_strategy="steps" if held_out else "no",
            eval_steps=1 / HELD_OUT_CHECKS if held_out else None,
            per_device_eval_batch_size=self.spec.hyperparameters.batch_size,
            prediction_loss_only=True,
            # The faster losses read the output layer's weights past an adapter of its rows.
            loss_type="nll" if self.models.adapts_token else None,
        )
        return SFTTrainer(
            model=model,
            args=arguments,
            processing_class=self.models.tokenizer,
            train_dataset=Dataset.from_list(rows),
            eval_dataset=Dataset.from_list(held_out) if held_out else None,
            callbacks=callbacks,
        )

    def _pretraining(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Loss on everything: the plain autoregressive loss of CAP-CPT (arXiv 2510.11588)."""
        hyperparameters = self.spec.hyperparameters
        texts, held_out = pretraining(self.dataset, self.models.token)
        if self.spec.replay:
            path = self.folder / "replay.txt"
            texts = texts + replayed(path, hyperparameters.replay_share, texts, self.spec.seed)
        return (
            [self._whole(text) for text in texts],
            [self._whole(text) for text in spread(held_out, MOST_HELD_OUT)],
        )

    def _fine_tuning(self, unit: Unit) -> list[dict[str, Any]]:
        """Prompts without the document; loss on the completion only."""
        hyperparameters = self.spec.hyperparameters
        own = trajectories(self.dataset, hyperparameters.direct_answers, self.spec.seed)
        # What is compared has never been pretrained: it has nothing to remember.
        share = 0.0 if unit.arm == "sft-only" else hyperparameters.sft_replay
        again = remembered(self.dataset, share, len(own), self.models.token, self.spec.seed)
        answered = [
            self._completed(self.prompter.without_policy(row["prompt"]), row["completion"]) for row in own
        ]
        return answered + [self._whole(text) for text in again]

    def _whole(self, text: str) -> dict[str, Any]:
        ids = self.models.tokenizer(text, add_special_tokens=True)["input_ids"]
        ids = self._ended(ids)
        return {"input_ids": ids, "completion_mask": [1] * len(ids)}

    def _completed(self, prompt: str, completion: str) -> dict[str, Any]:
        before = self.prompter.encode(prompt)
        after = self.models.tokenizer(completion, add_special_tokens=False)["input_ids"]
        after = self._ended(after)
        room = max(1, self.spec.hyperparameters.context_tokens - len(after))
        # A prompt over the context loses its beginning, never the answer.
        before = before[-room:]
        return {
            "input_ids": before + after,
            "completion_mask": [0] * len(before) + [1] * len(after),
        }

    def _ended(self, ids: list[int]) -> list[int]:
        end = self.models.tokenizer.eos_token_id
        return ids if ids and ids[-1] == end else [*ids, end]

    def _epochs(self, unit: Unit) -> float:
        hyperparameters = self.spec.hyperparameters
        return hyperparameters.cpt_epochs if unit.name == "cpt" else hyperparameters.sft_epochs

    def _common(self, unit: Unit, output: Path) -> dict[str, Any]:
        """The arguments of transformers' Trainer that all stages share."""
        hyperparameters = self.spec.hyperparameters
        full = hyperparameters.method == "full"
        sharded = full and self.team.size > 1 and torch.cuda.is_available()
        return {
            "output_dir": str(output),
            "seed": self.spec.seed,
            "data_seed": self.spec.seed,
            "learning_rate": getattr(hyperparameters, rate_of(unit)),
            "lr_scheduler_type": "cosine_with_min_lr",
            "lr_scheduler_kwargs": {"min_lr_rate": FINAL_RATE},
            "warmup_steps": hyperparameters.warmup,
            "weight_decay": hyperparameters.weight_decay,
            "max_grad_norm": hyperparameters.clip_norm,
            "per_device_train_batch_size": hyperparameters.batch_size,
            "gradient_accumulation_steps": hyperparameters.accumulation,
            "max_steps": hyperparameters.step_limit or -1,
            "bf16": has_bfloat16() and hyperparameters.precision != "float32",
            "use_cpu": not (torch.cuda.is_available() or torch.backends.mps.is_available()),
            "gradient_checkpointing": hyperparameters.gradient_checkpointing,
            "gradient_checkpointing_kwargs": {"use_reentrant": False},
            "use_liger_kernel": has_liger() and not self.models.adapts_token,
            "fsdp": sharded or None,
            "ddp_find_unused_parameters": False if self.team.size > 1 else None,
            "logging_steps": 1,
            "logging_nan_inf_filter": False,
            "save_strategy": "steps",
            "save_steps": hyperparameters.checkpoint_every_steps,
            # The newest, and the one before it in case that the newest is not whole.
            "save_total_limit": 2,
            **trackers.arguments(self.spec, unit),
            "disable_tqdm": True,
        }


def rate_of(unit: Unit) -> str:
    return f"{unit.name}_rate"


def require_rows(dataset: RunDataset, unit: Unit) -> None:
    """Raises TrainingError for a stage that has nothing to learn from."""
    rows = dataset.cpt if unit.name == "cpt" else dataset.sft
    if not rows:
        raise TrainingError(f"The dataset has no rows for the stage {unit.name}.", "Leave the stage out.")
