"""The workers of a run: each has a disk of its own, and all share a storage."""

import os
import shutil
import tempfile
from pathlib import Path

import ray.train
from ingrain_trl.progress import newest_first
from ingrain_trl.team import Team

PIECE_BYTES = 64 * 2**20


class ClusterTeam(Team):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def hand_out(self, folder: Path) -> None:
        """Copies the leader's files to the others, over the network that they train over."""
        if self.size == 1:
            return
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()] if self.leads else []
        names = self.tell([path.relative_to(folder).as_posix() for path in files])
        if not self.leads:
            shutil.rmtree(folder, ignore_errors=True)
        for name in names:
            self._hand_out_file(folder / name)

    def _hand_out_file(self, path: Path) -> None:
        pieces = -(-self.tell(path.stat().st_size if self.leads else 0) // PIECE_BYTES)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb" if self.leads else "wb") as file:
            for _ in range(pieces):
                piece = self.tell(file.read(PIECE_BYTES) if self.leads else b"")
                if not self.leads:
                    file.write(piece)

    def keep(self) -> None:
        """
        Puts into the storage what the run can go on from: all workers at once, each what it alone has.
        Ray counts the checkpoint only when all of it is there.
        """
        with tempfile.TemporaryDirectory(dir=self._folder) as draft:
            self._gather(Path(draft))
            ray.train.report({}, checkpoint=ray.train.Checkpoint.from_directory(draft))

    def _gather(self, draft: Path) -> None:
        checkpoints = self._folder / "checkpoints"
        units = [path for path in sorted(checkpoints.iterdir()) if path.is_dir()]
        for unit in units:
            if newest := next(newest_first(unit), None):
                target = draft / newest.relative_to(self._folder)
                if self.leads:
                    link_tree(newest, target)
                else:
                    target.mkdir(parents=True)
                    for own in newest.glob(f"rng_state_{self.rank}.pth"):
                        os.link(own, target / own.name)
        if not self.leads:
            return
        for path in [*(unit / "final" for unit in units), self._folder / "model"]:
            if path.exists():
                link_tree(path, draft / path.relative_to(self._folder))
        if (progress := checkpoints / "progress.json").exists():
            (draft / "checkpoints").mkdir(exist_ok=True)
            os.link(progress, draft / "checkpoints" / progress.name)


def link_tree(source: Path, target: Path) -> None:
    """A copy that takes no room."""
    shutil.copytree(source, target, copy_function=os.link)


def own_folder(key: str) -> Path:
    """An empty folder of this process, on its machine; those of processes that are gone are removed."""
    parent = Path(tempfile.gettempdir())
    for path in parent.glob(f"ingrain-{key}-*"):
        if not Path(f"/proc/{path.name.rsplit('-', 2)[1]}").exists():
            shutil.rmtree(path, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"ingrain-{key}-{os.getpid()}-", dir=parent))
