"""
Runs on a real Ray cluster, from the command line: undisturbed, without its follower, with a worker
killed, cancelled and resumed. `npm run test:python -- -m ray` runs these alone; see cluster.py.
"""

import json
import os
import signal
from pathlib import Path

import pytest
from cluster import MACHINES, RayCluster, free_ports
from ingrain import Workspace, is_over, last, wait_until
from runs import curve, events_of

pytestmark = pytest.mark.ray
STAGES = ("cpt", "sft")
TOLERANCE = 1e-5
"""Two undisturbed runs had the same curves to the last bit; the sum over workers may be ordered anew."""


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, cluster: RayCluster, dataset: Path, model: Path
) -> Path:
    workspace = Workspace(tmp_path_factory.mktemp("undisturbed"), cluster, dataset, model)
    done = workspace.train("--json")
    assert done.returncode == 0, done.stderr
    [run] = workspace.runs()
    return run


def same_curves(run: Path, other: Path) -> None:
    for stage in STAGES:
        own, others = curve(run, stage), curve(other, stage)
        assert own == pytest.approx(others, abs=TOLERANCE), stage


def storage_of(cluster: RayCluster, run: Path) -> Path:
    [folder] = cluster.storage.glob(f"{run.name}-*")
    return folder


def has_checkpoint(cluster: RayCluster, run: Path) -> bool:
    """Ray counts one: it may not have heard yet of what lies there already."""
    return any(
        json.loads(path.read_text(encoding="utf-8"))["latest_checkpoint_result"]
        for path in cluster.storage.glob(f"{run.name}-*/checkpoint_manager_snapshot.json")
    )


def warnings_of(run: Path) -> list[str]:
    return [event["message"] for event in events_of(run) if event["type"] == "warning"]


def test_a_run_trains_on_two_machines(undisturbed: Path, cluster: RayCluster) -> None:
    for stage in STAGES:
        assert list(curve(undisturbed, stage)) == list(range(1, 19))
    assert (undisturbed / "report.json").exists()
    assert (undisturbed / "model" / "adapter_model.safetensors").exists()
    assert (storage_of(cluster, undisturbed) / "model" / "adapter_model.safetensors").exists()
    [started] = [event for event in events_of(undisturbed) if event["type"] == "started"]
    assert started["device"].startswith("2 × cpu")
    assert warnings_of(undisturbed) == []


def test_a_killed_worker_costs_steps_and_no_more(
    workspace: Workspace, cluster: RayCluster, undisturbed: Path
) -> None:
    run = workspace.start()
    wait_until(lambda: has_checkpoint(cluster, run), run)
    cluster.kill_worker(MACHINES[1])
    wait_until(lambda: is_over(run), run)
    assert last(run)["type"] == "finished", events_of(run)[-3:]
    assert any("A worker was lost" in warning for warning in warnings_of(run))
    resumed = [event["resumed"] for event in events_of(run) if "resumed" in event]
    assert len(resumed) == 1 and resumed[0]["step"] >= 3
    same_curves(run, undisturbed)


def test_a_run_goes_on_without_its_follower_and_is_followed_again(
    workspace: Workspace, undisturbed: Path
) -> None:
    run = workspace.start()
    wait_until(lambda: curve(run, "cpt"), run)
    os.kill(follower_of(run), signal.SIGKILL)
    listed = workspace.call("runs")
    assert "interrupted" in listed.stdout
    again = workspace.call("runs", "resume", run.name, "--detach")
    assert again.returncode == 0, again.stderr
    wait_until(lambda: is_over(run), run)
    types = [event["type"] for event in events_of(run)]
    assert types.count("submitted") == 1 and types.count("connected") == 1
    assert types[-1] == "finished"
    steps = [(event["stage"], event["step"]) for event in events_of(run) if event["type"] == "step"]
    assert len(steps) == len(set(steps))
    same_curves(run, undisturbed)


def test_a_run_is_cancelled_for_certain_and_goes_on(
    workspace: Workspace, cluster: RayCluster, undisturbed: Path
) -> None:
    run = workspace.start()
    wait_until(lambda: has_checkpoint(cluster, run), run)
    cancelled = workspace.call("runs", "cancel", run.name)
    assert "its job is over and its workers are gone" in cancelled.stdout, cancelled.stderr
    assert cluster.workers() == []
    assert last(run)["type"] == "cancelled"
    again = workspace.call("runs", "resume", run.name)
    assert again.returncode == 0, again.stderr
    types = [event["type"] for event in events_of(run)]
    assert types.count("submitted") == 2 and types[-1] == "finished"
    assert any("resumed" in event for event in events_of(run))
    same_curves(run, undisturbed)


def follower_of(run: Path) -> int:
    return int(json.loads((run / "process.json").read_text(encoding="utf-8"))["pid"])


def test_what_a_cluster_lacks_is_named_before_anything_starts(workspace: Workspace) -> None:
    done = workspace.train(storage="/proc/nowhere")
    assert done.returncode == 2
    assert "The storage /proc/nowhere cannot be used" in done.stderr, done.stderr
    done = workspace.train(model="/nowhere/model", workers="3")
    assert done.returncode == 2
    assert "3 workers, and 2 CPUs in the cluster" in done.stderr
    assert "The model /nowhere/model" in done.stderr, done.stderr
    assert workspace.runs() == []


def test_a_cluster_that_does_not_answer_is_named(workspace: Workspace) -> None:
    [port] = free_ports(1)
    done = workspace.train(address=f"http://127.0.0.1:{port}")
    assert done.returncode == 2
    assert f"Ray does not answer at http://127.0.0.1:{port}: nothing listens there" in done.stderr
    assert workspace.runs() == []
