"""
The trainer process: works until the run is over and writes the run's last word: finished, failed or
cancelled. Light at first: a run says that it started before the heavy packages are read.
"""

import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, TextIO

from .errors import Cancelled, describe, is_out_of_memory, next_batch_size
from .events import EventWriter, now
from .progress import Progress
from .spec import RunSpec, read_spec
from .team import Team

GRACE_SECONDS = 20.0
"""A step and its checkpoint must be over by then; what is not is given up. Asked twice: at once."""
LOOK_SECONDS = 0.15
RESERVE_BYTES = 64 * 1024
"""Room that is given back when the disk is full, so that the last word can still be written."""


def main() -> None:
    if len(sys.argv) != 2:
        print("usage: python main.py RUN_FOLDER", file=sys.stderr)
        sys.exit(2)
    folder = Path(sys.argv[1]).resolve()
    sys.stdout, sys.stderr = Forgiving(sys.stdout), Forgiving(sys.stderr)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    team = Team()
    if team.size > 1:
        die_with_parent()
    code = Process(folder, team).run()
    # Threads of libraries must not keep a finished run alive.
    os._exit(code)


class Forgiving(io.TextIOBase):
    """A log that cannot be written is no reason to lose the run."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            self._stream.write(text)
            self._stream.flush()
        return len(text)

    def fileno(self) -> int:
        return self._stream.fileno()


class Process:
    """One process of a run."""

    def __init__(self, folder: Path, team: Team) -> None:
        self._folder = folder
        self._team = team
        self._reserve = folder / ".reserve"
        self._stopping = threading.Event()
        self._last_word = threading.Lock()
        self._over = False
        self._batch_size = 1
        self._turn: Any = None
        self._events = EventWriter(folder / "events.jsonl") if team.leads else None

    def run(self) -> int:
        """Returns the exit code."""
        self._listen()
        try:
            spec = self._read_spec()
            if self._team.leads:
                self._reserve.write_bytes(bytes(RESERVE_BYTES))
            self._wait_for_turn(spec)
            if code := self._spread(spec):
                return code - 1
            self._start(spec)
            self._work(spec)
            return self._end(0)
        except Cancelled:
            return self._end(0, "cancelled")
        except BaseException as error:
            traceback.print_exc()
            if self._stopping.is_set():
                return self._end(0, "cancelled")
            message, hint = describe(error, self._batch_size)
            smaller = next_batch_size(self._batch_size) if is_out_of_memory(error) else 0
            more = {"batchSize": smaller} if smaller else {}
            return self._end(1, "failed", error=message, hint=hint, **more)

    def _read_spec(self) -> RunSpec:
        from .overrides import apply

        spec = apply(read_spec(self._folder), self._folder)
        self._batch_size = spec.hyperparameters.batch_size
        return spec

    def _wait_for_turn(self, spec: RunSpec) -> None:
        """The process that was started waits for all of its workers."""
        if self._team.size > 1 or self._events is None:
            return
        from .turns import Turn

        events = self._events
        self._turn = Turn(spec.id)
        self._turn.wait(self._stopping.is_set, lambda run: events.append("queued", behind=run))

    def _start(self, spec: RunSpec) -> None:
        """Says that the run works, and on what."""
        if self._events is None:
            return
        from .progress import Checkpoints

        device = device_name()
        checkpoints = Checkpoints(self._folder / "checkpoints")
        self._events.append(
            "started",
            pid=int(os.environ.get("INGRAIN_LEADER", os.getpid())),
            host=socket.gethostname(),
            engine="trl",
            device=device,
            **resumed(checkpoints, checkpoints.read_progress(), spec),
        )
        log(f"{sys.executable} {sys.version.split()[0]} on {device}")

    def _work(self, spec: RunSpec) -> None:
        from accelerate import PartialState
        from transformers import set_seed

        quieten()
        PartialState(cpu=not has_accelerator())
        set_seed(spec.seed)
        from .run import Run

        events = self._events or EventWriter(Path(os.devnull))
        Run(self._folder, spec, events, self._team, self._stopping.is_set).work()

    def _spread(self, spec: RunSpec) -> int:
        """
        Starts torchrun where several processes shall train, and waits for it. Returns its exit code
        plus one; 0 where this process trains itself.
        """
        count = processes(spec)
        if self._team.size > 1 or count == 1:
            return 0
        assert self._events is not None
        script = Path(__file__).resolve().parents[1] / "main.py"
        command = [
            sys.executable,
            *("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(count)),
            *(str(script), str(self._folder)),
        ]
        self._over = True  # its workers have the last word
        child = subprocess.Popen(command, env={**os.environ, "INGRAIN_LEADER": str(os.getpid())})
        while child.poll() is None:
            # A signal to the group has reached torchrun too, which hands it on to its workers.
            time.sleep(LOOK_SECONDS)
        self._over = False
        if last_event(self._folder) not in ("finished", "failed", "cancelled"):
            if self._stopping.is_set():
                return self._end(0, "cancelled") + 1
            message = "A training process ended without a word."
            return self._end(1, "failed", error=message, hint="The trainer's log says more.") + 1
        return self._end(child.returncode) + 1

    def _listen(self) -> None:
        """
        A thread hears that the run should stop, also while a long step keeps the main one: signals
        reach it through a pipe, and where there are none the file `cancel` does.
        """
        heard, told = os.pipe()
        os.set_blocking(told, False)
        signal.set_wakeup_fd(told, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        threading.Thread(target=self._wait_for_stop, args=(heard,), daemon=True).start()

    def _wait_for_stop(self, heard: int) -> None:
        os.set_blocking(heard, False)
        asked_at: float | None = None
        while True:
            time.sleep(LOOK_SECONDS)
            calls = sum(number in (signal.SIGTERM, signal.SIGINT) for number in read_all(heard))
            if calls == 0 and asked_at is None and (self._folder / "cancel").exists():
                calls = 1
            if calls and asked_at is None:
                log("asked to stop")
                self._stopping.set()
                asked_at = time.monotonic()
                calls -= 1
            if asked_at is not None and (calls or time.monotonic() - asked_at > GRACE_SECONDS):
                self._end(0, "cancelled")
                os._exit(0)

    def _end(self, code: int, type: str | None = None, **fields: Any) -> int:
        """The last word, said once; whoever comes later waits for ever or for the end."""
        with self._last_word:
            if self._over:
                return code
            self._over = True
            self._reserve.unlink(missing_ok=True)
            if self._turn is not None:
                self._turn.leave()
            if self._events is not None:
                if type is not None:
                    self._events.append(type, **fields)
                self._release_lock()
        return code

    def _release_lock(self) -> None:
        """Gives the dataset's lock back, if this run holds it; see src/training/lock.ts."""
        try:
            spec = json.loads((self._folder / "run.json").read_text(encoding="utf-8"))
            lock = self._folder.parent / ".locks" / spec["dataset"]["sha256"][:32]
            if json.loads(lock.read_text(encoding="utf-8"))["run"] == self._folder.name:
                lock.unlink()
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError) as error:
            log(f"the lock could not be given back: {error}")


def resumed(checkpoints: Any, progress: Progress, spec: RunSpec) -> dict[str, Any]:
    """Where a run goes on, for the event `started`; nothing for a run that begins."""
    plan = spec.plan()
    if progress.unit >= len(plan):
        return {}
    unit = plan[progress.unit]
    step = checkpoints.newest_step(progress.unit) if unit.trains else 0
    if progress.unit == 0 and step == 0:
        return {}
    return {"resumed": {"stage": unit.name, "step": step}}


def processes(spec: RunSpec) -> int:
    """As many as the run asks for; else one for each GPU."""
    if spec.hyperparameters.processes > 0:
        return spec.hyperparameters.processes
    import torch

    return max(1, torch.cuda.device_count())


def has_accelerator() -> bool:
    import torch

    return torch.cuda.is_available() or torch.backends.mps.is_available()


def device_name() -> str:
    import torch

    if torch.cuda.is_available():
        count, name = torch.cuda.device_count(), torch.cuda.get_device_name(0)
        return name if count == 1 else f"{count} × {name}"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def quieten() -> None:
    """Bars are for a terminal; the log is a file."""
    import datasets
    from transformers.utils import logging

    datasets.disable_progress_bars()
    logging.disable_progress_bar()


def last_event(folder: Path) -> str:
    lines = (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
    return json.loads(lines[-1])["type"] if lines else ""


def read_all(pipe: int) -> bytes:
    try:
        return os.read(pipe, 64)
    except BlockingIOError:
        return b""


def die_with_parent() -> None:
    """torchrun puts its workers into sessions of their own: they must not outlive it all the same."""
    if sys.platform != "linux":
        return
    import ctypes

    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def log(line: str) -> None:
    print(f"{now()} {line}", flush=True)
