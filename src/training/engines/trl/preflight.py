"""
What a run would find on this machine, as JSON: `python preflight.py MODEL FOLDER PACKAGE...`. Only
Python's own modules, so that it answers where everything else is missing.
"""

import json
import os
import platform
import shutil
import struct
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any


def main(model: str, folder: str, packages: list[str]) -> None:
    print(json.dumps(facts(model, folder, packages)))


def facts(model: str, folder: str, packages: list[str]) -> dict[str, Any]:
    return {
        "python": {"path": sys.executable, "version": platform.python_version()},
        "packages": {name: version(name) for name in packages},
        "cuda": cuda_build(),
        "gpus": gpus(),
        "memoryBytes": memory_bytes(),
        "diskBytes": shutil.disk_usage(existing(Path(folder))).free,
        "model": describe_model(model),
    }


def version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def cuda_build() -> bool:
    """Whether torch was built for a GPU, told by the name of its build without loading it."""
    built = version("torch") or ""
    return "+cu" in built or "+rocm" in built or ("+cpu" not in built and sys.platform == "linux")


def gpus() -> list[dict[str, Any]]:
    query = ["nvidia-smi", "--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits"]
    try:
        lines = subprocess.run(query, capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    found = []
    for line in lines.splitlines():
        name, total, free = (part.strip() for part in line.rsplit(",", 2))
        found.append({"name": name, "totalBytes": int(total) << 20, "freeBytes": int(free) << 20})
    return found


def memory_bytes() -> int:
    """Free for a new process; 0 where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        return 0


def existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.resolve().parents) if path.exists())


def describe_model(name: str) -> dict[str, Any]:
    folder = find(name)
    if folder is None:
        return {"found": False, "offline": os.environ.get("HF_HUB_OFFLINE", "") not in ("", "0")}
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"found": True, "problem": "config.json is missing or no JSON"}
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        return {"found": True, "problem": "there are no *.safetensors"}
    try:
        parameters = sum(map(count_parameters, weights))
    except (OSError, ValueError, struct.error):
        return {"found": True, "problem": "its *.safetensors cannot be read"}
    if not any((folder / file).exists() for file in ("tokenizer.json", "tokenizer.model", "vocab.json")):
        return {"found": True, "problem": "there is no tokenizer"}
    return {"found": True, "parameters": parameters, "config": shape(config)}


def find(name: str) -> Path | None:
    """A local folder, or the hub's cache as huggingface_hub lays it out."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    home = os.environ.get("HF_HOME", str(Path("~/.cache/huggingface").expanduser()))
    cache = Path(os.environ.get("HF_HUB_CACHE", str(Path(home) / "hub")))
    snapshots = cache / f"models--{name.replace('/', '--')}" / "snapshots"
    whole = [path.parent for path in snapshots.glob("*/config.json")]
    return max(whole, key=lambda path: path.stat().st_mtime, default=None)


def count_parameters(path: Path) -> int:
    """From the header of a safetensors file, without its tensors."""
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    total = 0
    for name, tensor in header.items():
        if name == "__metadata__":
            continue
        count = 1
        for side in tensor["shape"]:
            count *= side
        total += count
    return total


def shape(config: dict[str, Any]) -> dict[str, int]:
    """What an estimate of memory needs; 0 for what the configuration does not tell."""
    own = config.get("text_config", config)
    return {
        "layers": int(own.get("num_hidden_layers") or 0),
        "width": int(own.get("hidden_size") or 0),
        "inner": int(own.get("intermediate_size") or 0),
        "vocabulary": int(own.get("vocab_size") or 0),
    }


if __name__ == "__main__":
    if len(sys.argv) < 3:
        print("usage: python preflight.py MODEL FOLDER PACKAGE...", file=sys.stderr)
        sys.exit(2)
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
