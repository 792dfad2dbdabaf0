"""The job of a pre-flight, `python -m ingrain_ray.check`: tells what a run would find on the cluster."""

import json
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import ray
from ingrain_trl.errors import first_line
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from . import storage
from .jobs import Log

PATIENCE_SECONDS = 60.0
"""For one machine to answer."""


def main() -> None:
    asked = json.loads(Path("check.json").read_text(encoding="utf-8"))
    ray.init(address="auto", log_to_driver=False)
    Log(asked["key"]).tell({"type": "checked", **look(asked)})


def look(asked: dict[str, Any]) -> dict[str, Any]:
    nodes = [node for node in ray.nodes() if node["Alive"]]
    working = [node for node in nodes if has_room(node)]
    folder = f"{asked['storage']}/.ingrain-{uuid.uuid4().hex[:12]}"
    try:
        return {
            "resources": {kind: ray.cluster_resources().get(kind, 0) for kind in ("CPU", "GPU")},
            "storage": try_storage(folder, working),
            "machine": machine(asked, working or nodes),
        }
    finally:
        try:
            storage.remove(folder)
        except (OSError, ValueError):
            print(f"{folder} could not be removed", file=sys.stderr)


def has_room(node: dict[str, Any]) -> bool:
    """A worker can run there; a head often offers no room."""
    return bool(node["Resources"].get("CPU", 0) > 0)


def try_storage(folder: str, nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """Each machine writes a file, and each must see all of them: only then is the storage shared."""
    names = [node["NodeID"] for node in nodes]
    problems = run_on(nodes, write_mark, folder)
    if not any(problems):
        problems = run_on(nodes, find_marks, folder, names)
    told = [
        {"host": node["NodeManagerAddress"], "problem": problem}
        for node, problem in zip(nodes, problems, strict=True)
        if problem
    ]
    return {"problems": told}


def run_on(nodes: list[dict[str, Any]], function: Any, *arguments: Any) -> list[str]:
    """What the function says on each machine: a problem, or nothing."""
    calls = [there(node, function).remote(node["NodeID"], *arguments) for node in nodes]
    ends = time.monotonic() + PATIENCE_SECONDS
    return [answer(call, ends) for call in calls]


def there(node: dict[str, Any], function: Any) -> Any:
    place = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
    return ray.remote(function).options(num_cpus=0, max_retries=0, scheduling_strategy=place)


def answer(call: Any, ends: float) -> str:
    try:
        return str(ray.get(call, timeout=max(1.0, ends - time.monotonic())))
    except ray.exceptions.GetTimeoutError:
        return "does not answer"
    except ray.exceptions.RayError as error:
        return f"does not do its part: {first_line(error)}"


def write_mark(node: str, folder: str) -> str:
    try:
        storage.write(f"{folder}/{node}", node.encode())
    except Exception as error:  # what a file system raises is its own affair
        return f"cannot write there: {first_line(error)}"
    return ""


def find_marks(_: str, folder: str, names: list[str]) -> str:
    try:
        seen = [name for name in names if storage.read(f"{folder}/{name}") == name.encode()]
    except FileNotFoundError:
        seen = []
    except Exception as error:  # as above
        return f"cannot read there: {first_line(error)}"
    return "" if len(seen) == len(names) else "does not see what another machine wrote"


def machine(asked: dict[str, Any], nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """What preflight.py tells, of a machine that workers can run on."""
    call = there(nodes[0], describe).remote(asked["model"], asked["packages"])
    told = ray.get(call, timeout=PATIENCE_SECONDS)
    return {**told, "host": nodes[0]["NodeManagerAddress"]}


def describe(model: str, packages: list[str]) -> dict[str, Any]:
    import preflight

    return preflight.facts(model, tempfile.gettempdir(), packages)


if __name__ == "__main__":
    main()
