"""The processes that train together: one a GPU. Alone, every call is a plain one."""

import os
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class Team:
    """Started before torch is imported: reads what torchrun tells in the environment."""

    def __init__(self) -> None:
        self.rank = int(os.environ.get("RANK", "0"))
        self.size = int(os.environ.get("WORLD_SIZE", "1"))

    @property
    def leads(self) -> bool:
        """The leader alone writes into the run folder."""
        return self.rank == 0

    def share(self, items: list[T]) -> list[T]:
        """This process's part; `join` puts the parts together again."""
        return items[self.rank :: self.size]

    def join(self, part: list[T]) -> list[T]:
        """All parts in the order of the whole, in every process."""
        if self.size == 1:
            return part
        import torch.distributed as dist

        parts: list[list[T]] = [[] for _ in range(self.size)]
        dist.all_gather_object(parts, part)
        whole: list[T] = []
        for at in range(max(map(len, parts))):
            whole += [own[at] for own in parts if at < len(own)]
        return whole

    def any(self, value: bool) -> bool:
        """Whether it holds for one of them."""
        return any(self.join([value]))

    def tell(self, value: Any) -> Any:
        """What the leader says."""
        return self.join([value])[0]

    def wait(self) -> None:
        """Until all are here."""
        self.join([None])

    def hand_out(self, folder: Path) -> None:
        """Gives the leader's files in a folder to those on other disks; on one machine all share one."""

    def keep(self) -> None:
        """
        The run folder is at a point from which the run can go on. All call this together; where the
        folder does not outlast the process, it is put into safety.
        """
