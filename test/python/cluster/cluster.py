"""
A Ray cluster of a head without room and two machines with a CPU each: three `ray start` on loopback
addresses of this machine. Ray is the real one, its scheduler, Jobs API and Ray Train included.

Its dashboard, which serves the Jobs API, needs packages that a registry may not have. Where they are
missing, Debian's `python3-aiohttp-cors` is unpacked into the cluster's folder and put on the PYTHONPATH
of the cluster's processes; and for opencensus and parts of opentelemetry, with which Ray counts and
exports metrics, `standins/sitecustomize.py` stands in, there and nowhere else.
"""

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

STANDINS = Path(__file__).with_name("standins")
HEAD, MACHINES = "127.0.0.2", ("127.0.0.3", "127.0.0.4")
PATIENCE = {
    "RAY_DASHBOARD_STARTUP_TIMEOUT_S": "300",
    "RAY_DASHBOARD_SUBPROCESS_MODULE_WAIT_READY_TIMEOUT": "300",
    "RAY_raylet_start_wait_time_s": "300",
}


def why_not() -> str:
    """Why there can be no cluster here; empty where there can."""
    if sys.platform != "linux":
        return "several loopback addresses are there on Linux alone"
    if importlib.util.find_spec("ray") is None or importlib.util.find_spec("ray.train") is None:
        return "Ray is not installed"
    if importlib.util.find_spec("aiohttp_cors") is None and shutil.which("apt-get") is None:
        return "aiohttp_cors is neither installed nor to be had from Debian"
    return ""


@dataclass
class Node:
    process: "subprocess.Popen[bytes]"
    log: Path


class RayCluster:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.storage = folder / "storage"
        # Ray makes sockets in it, whose paths must be short.
        self._temporary = Path(tempfile.mkdtemp(prefix="ir-", dir="/tmp"))
        self._nodes: dict[str, Node] = {}
        self._port = free_ports(1)[0]
        self._dashboard = free_ports(1)[0]
        self.address = f"http://127.0.0.1:{self._dashboard}"

    def start(self) -> None:
        self.storage.mkdir()
        self._environment = self._make_environment()
        self._start_node(
            HEAD,
            *("--head", f"--port={self._port}", "--num-cpus=0", f"--temp-dir={self._temporary}"),
            *("--include-dashboard=true", "--dashboard-host=127.0.0.1"),
            f"--dashboard-port={self._dashboard}",
        )
        self._wait("the head", lambda: self._alive() == 1)
        for machine in MACHINES:
            self.add(machine)
        self._wait("the machines", lambda: self._alive() == 1 + len(MACHINES))

    def add(self, machine: str) -> None:
        self._start_node(machine, f"--address={HEAD}:{self._port}", "--num-cpus=1")

    def stop(self) -> None:
        for machine in reversed(list(self._nodes)):
            self.kill_node(machine)
        shutil.rmtree(self._temporary, ignore_errors=True)

    def kill_node(self, machine: str) -> None:
        """The machine loses its power."""
        node = self._nodes.pop(machine)
        family = [*psutil.Process(node.process.pid).children(recursive=True)]
        for process in [*family, psutil.Process(node.process.pid)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        node.process.wait(timeout=30)

    def workers(self, machine: str | None = None) -> list[psutil.Process]:
        """The processes of Ray Train's workers, which train."""
        nodes = [self._nodes[machine]] if machine else list(self._nodes.values())
        found = []
        for node in nodes:
            for process in psutil.Process(node.process.pid).children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    if "RayTrainWorker" in " ".join(process.cmdline()):
                        found.append(process)
        return found

    def kill_worker(self, machine: str) -> None:
        [worker] = self.workers(machine)
        worker.send_signal(signal.SIGKILL)

    def ask(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.address}{path}", timeout=10) as answer:
            return json.load(answer)

    def _alive(self) -> int:
        try:
            nodes = self.ask("/api/v0/nodes")["data"]["result"]["result"]
        except OSError:
            return 0
        return sum(node["state"] == "ALIVE" for node in nodes)

    def _start_node(self, machine: str, *options: str) -> None:
        """
        The ports are given: for those that it chooses itself Ray waits 15 seconds, which are too few
        where many work.
        """
        ports = dict(
            zip(
                ("dashboard-agent-grpc", "dashboard-agent-listen", "metrics-export", "runtime-env-agent"),
                free_ports(4),
                strict=True,
            )
        )
        log = self._folder / f"{machine}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "ray.scripts.scripts", "start", "--block"),
                    *("--disable-usage-stats", f"--node-ip-address={machine}"),
                    *(f"--{name}-port={port}" for name, port in ports.items()),
                    *options,
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=self._environment,
            )
        self._nodes[machine] = Node(process, log)

    def _make_environment(self) -> dict[str, str]:
        paths = [str(STANDINS)]
        if importlib.util.find_spec("aiohttp_cors") is None:
            paths.append(str(unpack_cors(self._folder)))
        programs = Path(sys.executable).parent
        return {
            **os.environ,
            **PATIENCE,
            "PYTHONPATH": os.pathsep.join(paths),
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "OMP_NUM_THREADS": "1",
            "HF_HUB_OFFLINE": "1",
            "GLOO_SOCKET_IFNAME": "lo",
            "no_proxy": "*",
        }

    def _wait(self, what: str, condition: Callable[[], bool], seconds: float = 300) -> None:
        end = time.monotonic() + seconds
        while not condition():
            for machine, node in self._nodes.items():
                told = node.log.read_text()[-4000:]
                assert node.process.poll() is None, f"{machine} did not start:\n{told}"
            assert time.monotonic() < end, f"{what} did not start"
            time.sleep(0.5)


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def unpack_cors(folder: Path) -> Path:
    """Debian's package without installing it: next to it would come an older aiohttp."""
    apt = ["apt-get", "-qq"]
    subprocess.run([*apt, "update"], check=False, stdout=subprocess.DEVNULL)
    subprocess.run([*apt, "download", "python3-aiohttp-cors"], check=True, cwd=folder)
    [package] = folder.glob("python3-aiohttp-cors_*.deb")
    subprocess.run(["dpkg", "-x", str(package), str(folder / "debian")], check=True)
    return folder / "debian" / "usr" / "lib" / "python3" / "dist-packages"
