"""What each of Ray Train's workers does: the run, as a process of it on one machine would do it."""

import os
import shutil
import threading
import time
import traceback
from pathlib import Path
from typing import Any

import ray
import ray.train
from ingrain_trl.errors import Cancelled, describe, is_disk_full, is_out_of_memory, next_batch_size
from ingrain_trl.overrides import apply
from ingrain_trl.process import device_name, has_accelerator, quieten, resumed
from ingrain_trl.progress import Checkpoints
from ingrain_trl.spec import read_spec

from . import storage
from .jobs import RUN
from .mailbox import MailWriter
from .team import ClusterTeam, own_folder

LOOK_SECONDS = 0.5


def train(config: dict[str, Any]) -> None:
    """One worker, from the newest checkpoint that Ray has. Errors that Ray shall not retry end the run."""
    mailbox = config["mailbox"]
    events = MailWriter(mailbox)
    stopping = Stopping(mailbox)
    folder = own_folder(config["key"])
    batch_size = 1
    try:
        lay_out(folder)
        spec = apply(read_spec(folder), folder)
        batch_size = spec.hyperparameters.batch_size
        prepare(spec.seed)
        team = ClusterTeam(folder)
        if team.leads:
            checkpoints = Checkpoints(folder / "checkpoints")
            context = ray.get_runtime_context()
            events.append(
                "started",
                pid=os.getpid(),
                host=ray.util.get_node_ip_address(),
                engine="trl",
                device=f"{team.size} × {device_name()}, job {context.get_job_id()}",
                **resumed(checkpoints, checkpoints.read_progress(), spec),
            )
        from ingrain_trl.run import Run

        run = Run(folder, spec, events, team, stopping.is_set)  # type: ignore[arg-type]
        run.work(lambda: publish(folder, config["folder"], mailbox))
    except Cancelled:
        # The others may be ahead of the leader, who has more to tell.
        if ray.train.get_context().get_world_rank() == 0:
            events.append("cancelled")
    except BaseException as error:
        traceback.print_exc()
        if stopping.is_set():
            events.append("cancelled")
            return
        if is_final(error):
            message, hint = describe(error, batch_size)
            smaller = next_batch_size(batch_size) if is_out_of_memory(error) else 0
            events.append("failed", error=message, hint=hint, **({"batchSize": smaller} if smaller else {}))
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_final(error: BaseException) -> bool:
    """
    It would come again, however often Ray tries. What comes of a lost worker, in those that wait for
    it, or of a storage that is away for a moment, are a RuntimeError or an OSError.
    """
    if is_out_of_memory(error) or is_disk_full(error):
        return True
    if isinstance(error, (FileNotFoundError, PermissionError)):
        return True
    return not isinstance(error, (RuntimeError, OSError, ray.exceptions.RayError))


def lay_out(folder: Path) -> None:
    """The run folder as it stands at the newest checkpoint, on this worker's own disk."""
    for path in RUN.iterdir():
        if path.is_dir():
            shutil.copytree(path, folder / path.name)
        else:
            shutil.copy(path, folder / path.name)
    if checkpoint := ray.train.get_checkpoint():
        checkpoint.to_directory(str(folder))


def prepare(seed: int) -> None:
    from accelerate import PartialState
    from transformers import set_seed

    quieten()
    PartialState(cpu=not has_accelerator())
    set_seed(seed)


def publish(folder: Path, place: str, mailbox: Any) -> None:
    """The model into the storage, what is small to the one who submitted the run."""
    model = folder / "model"
    if model.exists():
        storage.upload(model, f"{place}/model")
        if (card := model / "README.md").exists():
            ray.get(mailbox.add_file.remote("model/README.md", card.read_bytes()))
    ray.get(mailbox.add_file.remote("report.json", (folder / "report.json").read_bytes()))


class Stopping:
    """Whether the run was asked to stop; heard in a thread, for a step may be long."""

    def __init__(self, mailbox: Any) -> None:
        self._mailbox = mailbox
        self._asked = threading.Event()
        self.is_set = self._asked.is_set
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while not self._asked.is_set():
            time.sleep(LOOK_SECONDS)
            try:
                if ray.get(self._mailbox.stopping.remote()):
                    self._asked.set()
            except ray.exceptions.RayError:
                return
