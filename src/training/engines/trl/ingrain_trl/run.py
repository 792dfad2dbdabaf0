"""Does the work of a run folder from where it stands: stages, exams, model and report."""

import gc
import shutil
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import torch

from . import probes
from .card import model_card
from .data import read_dataset
from .errors import Cancelled
from .events import EventWriter
from .exam import examine, summary
from .files import write_json, write_lines, write_whole
from .locate import locate
from .model import Models, count_parameters
from .progress import Checkpoint, Checkpoints, Spent
from .prompts import Prompter
from .report import build_report
from .retrieval import Retriever
from .scorer import Render, Scorer
from .spec import ArmName, RunSpec, Unit
from .stages import Workshop, rate_of, require_rows
from .team import Team
from .watcher import Watcher

NEUTRAL_TEXT = "retention.txt"
"""Ships with the extension; each run folder holds a copy."""


class Run:
    """One run, in one process of the team."""

    def __init__(
        self, folder: Path, spec: RunSpec, events: EventWriter, team: Team, stopped: Callable[[], bool]
    ) -> None:
        self._folder = folder
        self._spec = spec
        self._events = events
        self._team = team
        self._stopped = stopped
        self._began = perf_counter()
        self._checkpoints = Checkpoints(folder / "checkpoints")
        self._progress = self._checkpoints.read_progress()
        self._before = self._progress.total_seconds
        self._plan = spec.plan()
        dataset = read_dataset(folder / "dataset")
        self._models = Models(locate(spec.model, spec.revision), spec, dataset.identifier, self._warn)
        prompter = Prompter(
            self._models.tokenizer, dataset.identifier, self._models.token, dataset.document()
        )
        self._shop = Workshop(spec, dataset, self._models, prompter, team, folder)

    def work(self, publish: Callable[[], None] = lambda: None) -> None:
        """
        Raises Cancelled when stopped, and TrainingError for what a user can mend. `publish` is called
        in the leader when the report and the model are whole, before the run says that it is finished.
        """
        while self._progress.unit < len(self._plan):
            unit = self._plan[self._progress.unit]
            self._stop()
            if unit.trains:
                self._train(unit)
            else:
                self._examine(unit)
            self._close()
        self._report(publish)

    def _train(self, unit: Unit) -> None:
        index = self._progress.unit
        require_rows(self._shop.dataset, unit)
        output = self._checkpoints.unit(index)
        checkpoint = self._newest(index)
        watcher = Watcher(
            unit,
            self._events,
            self._team,
            self._stopped,
            checkpoint.spent if checkpoint else Spent(),
            camel(rate_of(unit)),
            self._folder,
        )
        model = self._models.load(self._weights_before(index), train=True)
        trainer = self._shop.trainer(unit, model, output, [watcher])
        if checkpoint and checkpoint.is_last:
            # The trainer would take one step more.
            trainer._load_from_checkpoint(str(checkpoint.path))
        else:
            trainer.train(resume_from_checkpoint=str(checkpoint.path) if checkpoint else None)
        # The run's `model/`, the adapter or the full model, is what its last stage ends with.
        is_model = index == self._last_trained("internalized")
        self._save(trainer, self._folder / "model" if is_model else self._checkpoints.final(index))
        self._add_stage(unit, watcher.spent)
        del model, trainer, watcher
        release()

    def _newest(self, index: int) -> Checkpoint | None:
        """The leader alone removes what is broken; the others look when it has."""
        found = self._checkpoints.newest(index, self._warn) if self._team.leads else None
        self._team.wait()
        return found if self._team.leads else self._checkpoints.newest(index, lambda _: None)

    def _save(self, trainer: Any, folder: Path) -> None:
        """All processes take part: sharded weights are gathered."""
        draft = folder.with_name(".final")
        trainer.save_model(str(draft))
        self._team.wait()
        if self._team.leads:
            self._models.tokenizer.save_pretrained(draft)
            # What the trainer leaves beside: its arguments, its card, and GRPO's reference adapter.
            for name in ("training_args.bin", "README.md"):
                (draft / name).unlink(missing_ok=True)
            shutil.rmtree(draft / "ref", ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)
            draft.rename(folder)
        self._team.hand_out(folder)
        self._team.wait()

    def _examine(self, unit: Unit) -> None:
        began = perf_counter()
        dataset = self._shop.dataset
        model = self._models.load(self._weights_of(unit.arm), train=False)
        steps = len(dataset.exam) + sum("choices" in item for item in dataset.exam)
        self._emit("stage", name="exam", steps=steps, arm=unit.arm)
        answers: list[dict[str, Any]] = []
        arm = examine(
            self._scorer(model, self._render_of(unit.arm)),
            dataset.exam,
            dataset.statements,
            lambda done, _: self._emit("progress", stage="exam", arm=unit.arm, step=done),
            answers.extend,
        )
        if unit.arm == "internalized" and self._team.leads:
            write_lines(self._folder / "answers.jsonl", answers)
        self._progress.arms[unit.arm] = arm
        if unit.arm in ("base", "internalized"):
            self._progress.probes[unit.arm] = self._probe(model)
        self._add_stage(unit, Spent(wall_seconds=perf_counter() - began))
        self._emit("exam", stage="exam", name=unit.arm, **summary(arm))
        del model
        release()

    def _probe(self, model: Any) -> dict[str, Any]:
        """The evaluations beside the exam; see probes.py."""
        return probes.probe(
            lambda render: self._scorer(model, render),
            self._shop.prompter,
            self._shop.dataset,
            (self._folder / NEUTRAL_TEXT).read_text(encoding="utf-8"),
            self._spec.hyperparameters.context_tokens,
        )

    def _scorer(self, model: Any, render: Render) -> Scorer:
        return Scorer(model, self._models.tokenizer, self._shop.prompter, render, self._team, self._stop)

    def _render_of(self, arm: ArmName) -> Render:
        prompter = self._shop.prompter
        if arm == "policy-in-prompt":
            return prompter.with_policy
        if arm == "retrieval":
            retriever = Retriever(self._shop.dataset.statements, self._spec.hyperparameters.retrieval_top_k)
            return lambda messages: prompter.with_text(retriever.find(messages), messages)
        return prompter.without_policy

    def _weights_of(self, arm: ArmName) -> Path | None:
        if arm == "internalized":
            index = self._last_trained("internalized")
            return None if index is None else self._folder / "model"
        if arm == "sft-only":
            index = self._last_trained("sft-only")
            return None if index is None else self._checkpoints.final(index)
        return None

    def _weights_before(self, index: int) -> Path | None:
        """Each stage goes on with what the arm's stage before it has learned."""
        before = index - 1
        if before < 0 or not self._plan[before].trains or self._plan[before].arm != self._plan[index].arm:
            return None
        return self._checkpoints.final(before)

    def _last_trained(self, arm: ArmName) -> int | None:
        own = [i for i, unit in enumerate(self._plan) if unit.trains and unit.arm == arm]
        return own[-1] if own else None

    def _close(self) -> None:
        """Moves on to the next unit. What no later unit needs makes room."""
        done = self._progress.unit
        self._progress.unit += 1
        self._progress.total_seconds = self._before + perf_counter() - self._began
        if self._team.leads:
            self._checkpoints.write_progress(self._progress)
            self._checkpoints.forget(done)
            if done > 0:
                self._checkpoints.forget(done - 1, final=True)
        self._team.wait()
        self._team.keep()

    def _report(self, publish: Callable[[], None]) -> None:
        if not self._team.leads:
            return
        trained = self._last_trained("internalized")
        weights = self._models.folder if trained is None else self._folder / "model"
        report = build_report(
            self._spec,
            self._shop.dataset,
            self._models,
            self._progress,
            weights,
            count_parameters(self._models.folder),
        )
        if trained is not None:
            write_whole(weights / "README.md", model_card(self._spec, report))
        write_json(self._folder / "report.json", report)
        publish()
        self._emit("finished", report="report.json")

    def _add_stage(self, unit: Unit, spent: Spent) -> None:
        rate = spent.tokens / spent.seconds if spent.seconds > 0 else 0
        self._progress.stages.append(
            {
                "name": unit.name,
                "arm": unit.arm,
                "tokens": spent.tokens,
                "seconds": spent.seconds,
                "wallSeconds": spent.wall_seconds,
                "tokensPerSecond": rate,
            }
        )

    def _stop(self) -> None:
        if self._stopped():
            raise Cancelled

    def _warn(self, message: str) -> None:
        self._emit("warning", message=message)

    def _emit(self, type: str, **fields: Any) -> None:
        if self._team.leads:
            self._events.append(type, **fields)


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def release() -> None:
    """Gives the device's memory back before the next model is loaded."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
