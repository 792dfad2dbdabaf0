"""Between the driver and its workers, which run on other machines."""

import base64
from typing import Any

import ray
from ingrain_trl.events import now

LAST_WORDS = ("finished", "failed", "cancelled")


class Mailbox:
    """An actor beside the driver, on one clock: takes what the workers tell, in its order."""

    def __init__(self) -> None:
        self._letters: list[dict[str, Any]] = []
        self._stopping = False
        self._over = False

    def append(self, type: str, fields: dict[str, Any]) -> None:
        """After the last word there is nothing to say."""
        if self._over:
            return
        self._over = type in LAST_WORDS
        self._letters.append({"v": 1, "at": now(), "type": type, **fields})

    def add_file(self, name: str, content: bytes) -> None:
        if not self._over:
            self._letters.append({"type": "file", "name": name, "data": base64.b64encode(content).decode()})

    def take(self) -> list[dict[str, Any]]:
        letters, self._letters = self._letters, []
        return letters

    def stop(self) -> None:
        self._stopping = True

    def stopping(self) -> bool:
        return self._stopping


class MailWriter:
    """What `EventWriter` is where the run folder is: an event has arrived before the next step begins."""

    def __init__(self, mailbox: Any) -> None:
        self._mailbox = mailbox

    def append(self, type: str, **fields: Any) -> None:
        ray.get(self._mailbox.append.remote(type, fields))
