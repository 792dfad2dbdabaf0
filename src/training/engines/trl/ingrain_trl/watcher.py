"""Writes what a trainer does into the run folder, and stops it when the run is told to stop."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil
import torch
from transformers import TrainerCallback

from .errors import Cancelled, TrainingError
from .events import EventWriter
from .progress import Spent, seal
from .spec import Unit
from .team import Team

RATE_WINDOW = 20
"""Steps that the shown rate is a mean over."""


class Watcher(TrainerCallback):
    """One a unit. Every process of the team has one; the leader's alone writes."""

    def __init__(
        self,
        unit: Unit,
        events: EventWriter,
        team: Team,
        stopped: Callable[[], bool],
        spent: Spent,
        rate: str,
        run_folder: Path,
    ) -> None:
        self.spent = spent
        self._unit = unit
        self._events = events
        self._team = team
        self._stopped = stopped
        self._rate = rate
        self._run_folder = run_folder
        self._recent: deque[tuple[int, float]] = deque(maxlen=RATE_WINDOW)
        self._pending: dict[str, Any] | None = None
        self._step_began = self._wall_began = self._wall_before = 0.0
        self._tokens_at_start = 0
        self._tokens_before = spent.tokens

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._wall_began = perf_counter()
        self._wall_before = self.spent.wall_seconds
        # GRPO counts in the state, which a checkpoint keeps; the others begin at 0 with each process.
        self._tokens_at_start = state.num_input_tokens_seen if self._unit.name == "rl" else 0
        self._emit("stage", name=self._unit.name, steps=state.max_steps, arm=self._unit.arm)

    def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._step_began = perf_counter()

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if self._team.any(self._stopped()):
            control.should_save = True
            control.should_training_stop = True

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any], **_: Any) -> None:
        """The log of a step comes after the device has finished it: the loss is a number by then."""
        if "loss" not in logs:
            return
        seconds = perf_counter() - self._step_began
        self._check(float(logs["loss"]), state.global_step)
        tokens = self._tokens_before + int(logs.get("num_tokens", 0)) - self._tokens_at_start
        self._recent.append((tokens - self.spent.tokens, seconds))
        self.spent = replace(self.spent, tokens=tokens, seconds=self.spent.seconds + seconds)
        self._pending = {
            "stage": self._unit.name,
            "arm": self._unit.arm,
            "step": state.global_step,
            "loss": float(logs["loss"]),
            "lr": float(logs.get("learning_rate", 0.0)),
            "tokens": tokens,
            "tokensPerSecond": sum(n for n, _ in self._recent) / max(1e-9, sum(s for _, s in self._recent)),
            "memoryBytes": memory_bytes(),
            **({"reward": float(logs["reward"])} if "reward" in logs else {}),
        }
        if not control.should_evaluate:
            self._flush()

    def on_evaluate(self, args: Any, state: Any, control: Any, metrics: dict[str, Any], **_: Any) -> None:
        loss = float(metrics.get("eval_loss", math.nan))
        self._check(loss, state.global_step)
        if self._pending is not None:
            self._pending["heldOutLoss"] = loss
        self._flush()

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._team.wait()
        wall = self._wall_before + perf_counter() - self._wall_began
        self.spent = replace(self.spent, wall_seconds=wall)
        path = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        if self._team.leads:
            seal(path, state.global_step, self.spent)
        self._team.keep()
        self._emit(
            "checkpoint",
            stage=self._unit.name,
            arm=self._unit.arm,
            step=state.global_step,
            path=path.relative_to(self._run_folder).as_posix(),
        )

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        wall = self._wall_before + perf_counter() - self._wall_began
        self.spent = replace(self.spent, wall_seconds=wall)
        if state.global_step < state.max_steps and self._team.any(self._stopped()):
            raise Cancelled

    def _check(self, loss: float, step: int) -> None:
        if math.isfinite(loss):
            return
        raise TrainingError(
            f"the loss is no number any more at step {step} of {self._unit.name} ({self._unit.arm})",
            f"The last good checkpoint is kept. Start a run with a lower {self._rate}.",
        )

    def _flush(self) -> None:
        if self._pending is not None:
            self._emit("step", **self._pending)
        self._pending = None

    def _emit(self, type: str, **fields: Any) -> None:
        if self._team.leads:
            self._events.append(type, **fields)


def memory_bytes() -> int:
    """The most that the device has held; on a CPU what the process holds now."""
    if torch.cuda.is_available():
        return int(torch.cuda.max_memory_allocated())
    return int(psutil.Process().memory_info().rss)
