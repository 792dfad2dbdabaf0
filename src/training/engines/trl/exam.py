"""
Examines the model of a finished run again and prints its scores as JSON:
`python exam.py RUN_FOLDER EXAM_FILE [--probes]`. Progress goes to standard error.
"""

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from ingrain_trl.errors import TrainingError, telling
from ingrain_trl.spec import read_spec
from ingrain_trl.turns import Turn


def main(folder: Path, exam_file: Path, with_probes: bool) -> dict[str, Any]:
    """An arm of the report; with `with_probes` the evaluations beside the exam too."""
    spec = read_spec(folder)
    weights = folder / "model"
    if not weights.is_dir():
        raise TrainingError(f"{spec.id} has no model.", "Resume the run, and wait for its end.")
    # An exam and a run would fight for the same memory.
    turn = Turn(f"exam of {folder.name}")
    turn.wait(lambda: False, lambda run: log(f"Waiting for the run {run}"))
    try:
        return examine_model(folder, exam_file, with_probes)
    finally:
        turn.leave()


def examine_model(folder: Path, exam_file: Path, with_probes: bool) -> dict[str, Any]:
    from accelerate import PartialState
    from ingrain_trl import probes
    from ingrain_trl.data import read_dataset
    from ingrain_trl.exam import examine
    from ingrain_trl.files import read_lines
    from ingrain_trl.locate import locate
    from ingrain_trl.model import Models
    from ingrain_trl.process import has_accelerator, quieten
    from ingrain_trl.prompts import Prompter
    from ingrain_trl.scorer import Render, Scorer
    from ingrain_trl.team import Team

    quieten()
    PartialState(cpu=not has_accelerator())
    spec = read_spec(folder)
    dataset = read_dataset(folder / "dataset")
    models = Models(locate(spec.model, spec.revision), spec, dataset.identifier, log)
    prompter = Prompter(models.tokenizer, dataset.identifier, models.token, dataset.document())
    model = models.load(folder / "model", train=False)

    def scorer(render: Render) -> Scorer:
        return Scorer(model, models.tokenizer, prompter, render, Team())

    told = 0

    def progress(done: int, total: int) -> None:
        nonlocal told
        quarter = 4 * done // max(1, total)
        if quarter > told:
            told = quarter
            log(f"Exam: {done}/{total}")

    arm = examine(scorer(prompter.without_policy), read_lines(exam_file), dataset.statements, progress)
    if not with_probes:
        return arm
    neutral = (folder / "retention.txt").read_text(encoding="utf-8")
    context = spec.hyperparameters.context_tokens
    return {**arm, "probes": probes.probe(scorer, prompter, dataset, neutral, context)}


def log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ["--probes"]):
        print("usage: python exam.py RUN_FOLDER EXAM_FILE [--probes]", file=sys.stderr)
        sys.exit(2)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    # Libraries have things to say, too: the scores alone go to standard output.
    with telling(), contextlib.redirect_stdout(sys.stderr):
        scores = main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), len(sys.argv) == 4)
    print(json.dumps(scores, ensure_ascii=False))
