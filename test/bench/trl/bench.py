"""
The trl engine beside plain TRL, a run that is killed ten times beside an undisturbed one, and peak
memory beside its estimate: `python test/bench/trl/bench.py [speed] [kills] [memory]`. On a CPU, with tiny
random models.
"""

import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "test" / "python" / "trl"))
sys.path.insert(0, str(ROOT / "src" / "training" / "engines" / "trl"))

from runs import curve, events_of, kill, log_of, make_run, start, start_fresh, train  # noqa: E402
from safetensors.torch import load_file  # noqa: E402
from tiny import corpus, write_model  # noqa: E402

ROUNDS = 5
STEPS = 30
KILLS = 10


def plain_trl(folder: Path, dataset: Path, model: Path, settings: dict[str, Any]) -> float:
    """The same stage written as TRL's own documentation writes it. Returns tokens a second."""
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
    from trl import SFTConfig, SFTTrainer

    class Clock(TrainerCallback):
        began = spent = 0.0
        tokens = 0

        def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.began = time.perf_counter()

        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
            if "loss" in logs:
                self.spent += time.perf_counter() - self.began
                self.tokens = int(logs["num_tokens"])

    clock = Clock()
    trainer = SFTTrainer(
        model=AutoModelForCausalLM.from_pretrained(model),
        args=SFTConfig(
            output_dir=str(folder),
            per_device_train_batch_size=settings["batchSize"],
            max_length=settings["contextTokens"],
            packing=True,
            packing_strategy="wrapped",
            learning_rate=settings["cptRate"],
            max_steps=STEPS,
            logging_steps=1,
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
            use_cpu=True,
            bf16=False,
            gradient_checkpointing=False,
        ),
        processing_class=AutoTokenizer.from_pretrained(model),
        train_dataset=Dataset.from_dict({"text": corpus(dataset)}),
        peft_config=LoraConfig(
            r=settings["loraRank"], lora_alpha=settings["loraAlpha"], target_modules="all-linear"
        ),
        callbacks=[clock],
    )
    trainer.train()
    return clock.tokens / clock.spent


def ours(folder: Path, dataset: Path, model: Path, settings: dict[str, Any]) -> float:
    """The same stage as the engine runs it. Returns tokens a second, over all steps."""
    run = make_run(folder, dataset, model, stages=("cpt",), **settings)
    events = train(run)
    assert events[-1]["type"] == "finished", log_of(run)
    report = json.loads((run / "report.json").read_text())
    return report["stages"][0]["tokensPerSecond"]


def speed(work: Path, dataset: Path) -> None:
    model = write_model(work / "model", corpus(dataset), width=128, inner=384, layers=4, vocabulary=2000)
    settings = {
        "batchSize": 4,
        "contextTokens": 256,
        "cptRate": 1e-3,
        "loraRank": 8,
        "loraAlpha": 16,
        "stepLimit": STEPS,
        "checkpointEverySteps": 10_000,
        "cptEpochs": 50,
    }
    theirs, own = [], []
    for turn in range(ROUNDS):
        theirs.append(plain_trl(work / f"plain-{turn}", dataset, model, settings))
        own.append(ours(work / f"ours-{turn}", dataset, model, settings))
    for name, values in (("plain TRL", theirs), ("ours", own)):
        middle = statistics.median(values)
        print(f"{name:10} {middle:8.0f} tokens/s [{min(values):.0f}–{max(values):.0f}], n = {ROUNDS}")
    ratios = [a / b for a, b in zip(own, theirs, strict=True)]
    print(f"ours over plain: {statistics.median(ratios):.2f} [{min(ratios):.2f}–{max(ratios):.2f}]")


def kills(work: Path, dataset: Path) -> None:
    model = write_model(work / "small", corpus(dataset))
    settings: dict[str, Any] = {
        "stages": ("cpt", "sft", "rl"),
        "stepLimit": 60,
        "checkpointEverySteps": 5,
        "cptEpochs": 50,
        "sftEpochs": 50,
        "rlSteps": 12,
    }
    calm = make_run(work, dataset, model, name="calm", **settings)
    began = time.monotonic()
    assert train(calm)[-1]["type"] == "finished", log_of(calm)
    whole = time.monotonic() - began
    disturbed = make_run(work, dataset, model, name="disturbed", **settings)
    chance = random.Random(1)
    killed = 0
    while killed < KILLS:
        process = start(disturbed)
        # At a random moment of the work, and not while the process begins.
        while starts(disturbed) <= killed and process.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 2 / KILLS) * whole)
        if process.poll() is not None:
            break
        kill(process)
        killed += 1
    if not events_of(disturbed) or events_of(disturbed)[-1]["type"] != "finished":
        assert train(disturbed)[-1]["type"] == "finished", log_of(disturbed)
    worst = max(
        abs(loss - curve(calm, stage)[step])
        for stage in ("cpt", "sft", "rl")
        for step, loss in curve(disturbed, stage).items()
    )
    name = Path("model") / "adapter_model.safetensors"
    one, other = load_file(calm / name), load_file(disturbed / name)
    apart = max(float((one[key] - other[key]).abs().max()) for key in one)
    print(f"killed {killed} times; the largest difference of a loss {worst:.1e}, of a weight {apart:.1e}")


MEMORY_STEPS = 2
MEMORY_SETTINGS: list[dict[str, Any]] = [
    {"method": method, "gradientCheckpointing": checkpointing, "batchSize": batch}
    for method in ("lora", "full")
    for checkpointing, batch in ((True, 2), (True, 8), (False, 8))
]


def memory(work: Path, dataset: Path) -> None:
    """The most that the trainer's process has held (VmHWM) beside what the pre-flight tells."""
    from transformers import AutoModelForCausalLM

    shape = {"width": 512, "inner": 1536, "layers": 8, "vocabulary": 2000}
    model = write_model(work / "wide", corpus(dataset), family="llama", **shape)
    loaded = AutoModelForCausalLM.from_pretrained(model)
    vocabulary, parameters = loaded.config.vocab_size, loaded.num_parameters()
    del loaded
    ratios = []
    for at, changed in enumerate(MEMORY_SETTINGS):
        settings = {
            "contextTokens": 256,
            "cptEpochs": 50,
            "loraRank": 8,
            "stepLimit": MEMORY_STEPS,
            "checkpointEverySteps": 10_000,
            **changed,
        }
        run = make_run(work, dataset, model, name=f"memory-{at}", stages=("cpt",), **settings)
        process = start_fresh(run, OMP_NUM_THREADS="1", HF_HUB_OFFLINE="1")
        peak = 0
        while process.poll() is None:
            peak = max(peak, high_water(process.pid))
            time.sleep(0.02)
        assert events_of(run)[-1]["type"] == "finished", log_of(run)
        told = estimate({**shape, "vocabulary": vocabulary, "parameters": parameters}, run)
        ratios.append(told / peak)
        line = f"{json.dumps(changed)}: {peak >> 20} MiB, estimated {told >> 20} MiB, {told / peak:.2f}"
        print(line, flush=True)
    print(f"estimate over measured: {statistics.median(ratios):.2f} [{min(ratios):.2f}–{max(ratios):.2f}]")


def high_water(pid: int) -> int:
    """In bytes; 0 for a process that has just gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM")), 0)


def estimate(shape: dict[str, int], run: Path) -> int:
    spec = json.loads((run / "run.json").read_text())
    tsx = ROOT / "node_modules" / "tsx" / "dist" / "cli.mjs"
    script = Path(__file__).with_name("estimate.ts")
    asked = json.dumps({"shape": shape, "hyperparameters": spec["hyperparameters"]})
    out = subprocess.run(["node", str(tsx), str(script), asked], check=True, cwd=ROOT, capture_output=True)
    return int(float(out.stdout))


def starts(run: Path) -> int:
    return sum(event["type"] == "started" for event in events_of(run))


def main() -> None:
    measures = {"speed": speed, "kills": kills, "memory": memory}
    parts = sys.argv[1:] or list(measures)
    work = Path(tempfile.mkdtemp(prefix="ingrain-bench-"))
    try:
        dataset = work / "dataset"
        script = ROOT / "test" / "python" / "trl" / "dataset.ts"
        tsx = ROOT / "node_modules" / "tsx" / "dist" / "cli.mjs"
        subprocess.run(["node", str(tsx), str(script), str(dataset)], check=True, cwd=ROOT)
        print(json.dumps({"device": "cpu"}))
        for part in parts:
            measures[part](work, dataset)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
