"""
Serves the model of a finished run on 127.0.0.1 as an OpenAI-compatible endpoint:
`python serve.py RUN_FOLDER PORT [ARGUMENT...]`. Port 0 is any free one; the arguments go to the server
as they are.
"""

import os
import sys
from importlib.metadata import entry_points
from pathlib import Path

from ingrain_trl.errors import telling
from ingrain_trl.serving import prepare


def main(folder: Path, port: int, extra: list[str]) -> None:
    """In this very process: whoever ends it ends the server."""
    server = prepare(folder, port)
    os.chdir(folder / "serving")
    sys.argv = [*server.command, *extra]
    [start] = entry_points(group="console_scripts", name=server.command[0])
    start.load()()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        print("usage: python serve.py RUN_FOLDER PORT [ARGUMENT...]", file=sys.stderr)
        sys.exit(2)
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("VLLM_NO_USAGE_STATS", "1")
    with telling():
        main(Path(sys.argv[1]).resolve(), int(sys.argv[2]), sys.argv[3:])
