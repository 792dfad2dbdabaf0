"""A small dataset, made by the extension's own code, and tiny models."""

from pathlib import Path

import pytest
from runs import ENGINE, write_dataset
from tiny import corpus, write_model


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "dataset")


@pytest.fixture(scope="session")
def qwen(tmp_path_factory: pytest.TempPathFactory, dataset: Path) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "qwen", corpus(dataset))


def pytest_configure() -> None:
    import sys

    sys.path.insert(0, str(ENGINE))
