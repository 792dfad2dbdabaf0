"""Appends to `events.jsonl`: one JSON object a line, as src/training/events.ts defines them."""

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any


def now() -> str:
    """The time as ISO 8601 in UTC, to the millisecond."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class EventWriter:
    """
    Writing is synchronous: an event is in the file before the step that follows it begins, so that a
    killed process leaves at most a torn last line, which the next writer cuts off.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._over = False
        repair(path)

    def append(self, type: str, **fields: Any) -> None:
        """After the last word there is nothing to say: a step may still come back."""
        if self._over:
            return
        self._over = type in ("finished", "failed", "cancelled")
        event = {"v": 1, "at": now(), "type": type, **fields}
        line = json.dumps(event, ensure_ascii=False, allow_nan=False)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def repair(path: Path) -> None:
    """Cuts off a torn last line. Only while nobody writes."""
    if not path.exists():
        return
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        with path.open("r+b") as file:
            file.truncate(whole)
