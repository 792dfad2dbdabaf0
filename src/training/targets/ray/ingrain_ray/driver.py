"""
The job of a run, `python -m ingrain_ray.driver`: lets Ray Train work, and tells what it does. All is
imported before Ray begins: it starts threads, and torch has broken when it was loaded beside them.
"""

import base64
import os
import signal
import threading
import time
import traceback
from typing import Any

import ray
from ingrain_trl.errors import AGAIN, first_line
from ingrain_trl.events import now
from ray.train import CheckpointConfig, FailureConfig, RunConfig, ScalingConfig
from ray.train.torch import TorchTrainer
from ray.util import placement_group_table
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from .jobs import RUN, Cluster, Log, read_cluster
from .mailbox import LAST_WORDS, Mailbox
from .worker import train

LOOK_SECONDS = 0.25
GRACE_SECONDS = 25.0
"""A step and its checkpoint must be over by then; Ray itself waits a little longer (submit.ts)."""
PATIENCE_SECONDS = 60.0
"""Who waits longer for machines is told so."""
MOST_FAILURES = 3
"""As often a run begins again from its newest checkpoint when workers are lost."""


def main() -> None:
    cluster = read_cluster(RUN)
    ray.init(address="auto", log_to_driver=True)
    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    mailbox = ray.remote(Mailbox).options(num_cpus=0, scheduling_strategy=here).remote()
    trainer = make_trainer(cluster, mailbox)
    driver = Driver(cluster, mailbox)
    threading.Thread(target=driver.forward, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: driver.stop())
    driver.work(trainer)


class Driver:
    def __init__(self, cluster: Cluster, mailbox: Any) -> None:
        self._cluster = cluster
        self._mailbox = mailbox
        self._log = Log(cluster.key)
        self._began = time.monotonic()
        self._starts = 0
        self._asked_at: float | None = None
        self._over = threading.Event()

    def work(self, trainer: Any) -> None:
        try:
            trainer.fit()
        except BaseException as error:
            traceback.print_exc()
            self._say("failed", error=reason(error), hint=AGAIN)
        self._over.wait(10)
        os._exit(0)

    def stop(self) -> None:
        self._asked_at = self._asked_at or time.monotonic()

    def forward(self) -> None:
        """In a thread: what the workers tell goes into the log, and their last word ends the job."""
        asked = warned = False
        while True:
            time.sleep(LOOK_SECONDS)
            try:
                if self._asked_at is not None and not asked:
                    asked = True
                    ray.get(self._mailbox.stop.remote())
                letters = ray.get(self._mailbox.take.remote())
            except ray.exceptions.RayError:
                traceback.print_exc()
                os._exit(1)
            for letter in letters:
                self._pass_on(letter)
            waited = time.monotonic() - self._began
            if self._starts == 0 and not warned and waited > PATIENCE_SECONDS:
                warned = True
                self._warn_of_waiting()
            if self._asked_at is not None and time.monotonic() - self._asked_at > GRACE_SECONDS:
                self._say("cancelled")

    def _warn_of_waiting(self) -> None:
        if any(group["state"] == "PENDING" for group in placement_group_table().values()):
            self._tell("warning", message=no_room(self._cluster.workers))

    def _pass_on(self, letter: dict[str, Any]) -> None:
        if letter["type"] == "file":
            self._log.send_file(letter["name"], base64.b64decode(letter["data"]))
            return
        if letter["type"] == "started":
            self._starts += 1
            if self._starts > 1:
                self._tell("warning", message=GONE_ON)
        self._log.tell(letter)
        if letter["type"] == "failed":
            # Whoever still trains, trains for nothing: the job's end takes its workers along.
            time.sleep(1)
            os._exit(1)
        if letter["type"] in LAST_WORDS:
            # Ray Train has yet to count the last checkpoint.
            self._over.set()
            threading.Timer(GRACE_SECONDS, lambda: os._exit(0)).start()

    def _say(self, type: str, **fields: Any) -> None:
        """By way of the mailbox, after all that the workers have told."""
        ray.get(self._mailbox.append.remote(type, fields))

    def _tell(self, type: str, **fields: Any) -> None:
        self._log.tell({"v": 1, "at": now(), "type": type, **fields})


GONE_ON = "A worker was lost. Ray has started the workers again, from the newest checkpoint."


def make_trainer(cluster: Cluster, mailbox: Any) -> Any:
    storage, _, name = cluster.folder.rpartition("/")
    return TorchTrainer(
        train,
        train_loop_config={"mailbox": mailbox, "key": cluster.key, "folder": cluster.folder},
        scaling_config=ScalingConfig(num_workers=cluster.workers, use_gpu=has_gpus()),
        run_config=RunConfig(
            name=name,
            storage_path=storage,
            failure_config=FailureConfig(max_failures=MOST_FAILURES),
            checkpoint_config=CheckpointConfig(num_to_keep=2),
        ),
    )


def has_gpus() -> bool:
    return ray.cluster_resources().get("GPU", 0) > 0


def no_room(workers: int) -> str:
    kind = "GPU" if has_gpus() else "CPU"
    free = int(ray.available_resources().get(kind, 0))
    return f"The run waits for room: it wants {workers} {kind}s, and {free} are free in the cluster."


def reason(error: BaseException) -> str:
    """What Ray Train says of lost workers has the reason of each."""
    failures = getattr(error, "worker_failures", {})
    told = {first_line(cause) for cause in failures.values()}
    if not told:
        return f"{type(error).__name__}: {first_line(error)}"
    return f"The workers failed too often: {'; '.join(sorted(told))}"


if __name__ == "__main__":
    main()
