"""What a forked trainer finds already read."""

import os
import sys
import tempfile
from pathlib import Path

ENGINE = Path(__file__).resolve().parents[3] / "src" / "training" / "engines" / "trl"
os.environ.update(OMP_NUM_THREADS="1", HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
# Runs of a person on this machine are none of the tests' business.
os.environ.setdefault("INGRAIN_QUEUE", f"{tempfile.gettempdir()}/ingrain-tests-{os.getpid()}")
sys.path.insert(0, str(ENGINE))


def read_packages() -> None:
    import accelerate  # noqa: F401
    import bm25s  # noqa: F401
    import datasets  # noqa: F401
    import peft  # noqa: F401
    import transformers  # noqa: F401
    from trl import GRPOTrainer, SFTTrainer  # noqa: F401


# The fork server is a `python -c`.
if sys.argv[0] == "-c":
    read_packages()


def work(folder: str) -> None:
    """A trainer process: a group of its own, the log as its output."""
    os.setsid()
    log = os.open(Path(folder) / "trainer.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.argv = ["main.py", folder]
    from ingrain_trl.process import main

    main()
