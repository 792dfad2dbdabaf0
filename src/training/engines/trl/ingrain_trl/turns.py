"""
Runs on one machine take turns, first come, first served: two would fight for the same memory. A run
holds a locked ticket as long as its process lives, so that a killed one holds up nobody.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from .errors import Cancelled

LOOK_SECONDS = 0.5


def queue_folder() -> Path:
    """One for each choice of GPUs: runs on other devices need not wait."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home()))
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    root = Path(os.environ.get("INGRAIN_QUEUE", base / "ingrain" / "queue"))
    devices = os.environ.get("CUDA_VISIBLE_DEVICES", "all") or "none"
    return root / "".join(letter if letter.isalnum() else "_" for letter in devices)


class Turn:
    """A place in the queue, kept until the process ends."""

    def __init__(self, run: str, folder: Path | None = None) -> None:
        from filelock import FileLock

        self._folder = folder or queue_folder()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._name = f"{time.time_ns():020d} {run}"
        self._lock = FileLock(self._folder / self._name)
        self._lock.acquire()

    def wait(self, stopped: Callable[[], bool], queued: Callable[[str], None]) -> None:
        """Until no older run lives; `queued` is told behind which. Raises Cancelled when stopped."""
        told = ""
        while (before := self._before()) is not None:
            if stopped():
                self.leave()
                raise Cancelled
            if before != told:
                queued(before)
                told = before
            time.sleep(LOOK_SECONDS)

    def leave(self) -> None:
        self._lock.release()
        (self._folder / self._name).unlink(missing_ok=True)

    def _before(self) -> str | None:
        """The run that is next before this one; what dead runs have left is removed."""
        older = sorted(path for path in self._folder.iterdir() if path.name < self._name)
        for path in reversed(older):
            if is_held(path):
                return path.name.split(" ", 1)[-1]
        return None


def is_held(path: Path) -> bool:
    from filelock import FileLock, Timeout

    try:
        with FileLock(path, timeout=0):
            path.unlink(missing_ok=True)
    except (Timeout, PermissionError):
        return True
    return False
