"""A Ray cluster on this machine, a small dataset and a tiny model; see cluster.py for what is real."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "trl"))

from cluster import RayCluster, why_not
from ingrain import Workspace
from runs import write_dataset
from tiny import corpus, write_model


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "dataset")


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory, dataset: Path) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "qwen", corpus(dataset))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RayCluster]:
    if reason := why_not():
        pytest.skip(reason)
    cluster = RayCluster(tmp_path_factory.mktemp("cluster"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def workspace(tmp_path: Path, cluster: RayCluster, dataset: Path, model: Path) -> Workspace:
    return Workspace(tmp_path, cluster, dataset, model)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "ray: trains on a Ray cluster; minutes")
