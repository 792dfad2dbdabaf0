"""Merges a run's adapter into its base model: `python merge.py RUN_FOLDER OUT_FOLDER`."""

import sys
from pathlib import Path

from ingrain_trl.errors import telling
from ingrain_trl.merging import write_merged

if __name__ == "__main__":
    if len(sys.argv) != 3:
        print("usage: python merge.py RUN_FOLDER OUT_FOLDER", file=sys.stderr)
        sys.exit(2)
    with telling():
        write_merged(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
