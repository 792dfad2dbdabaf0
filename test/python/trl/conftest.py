"""A small dataset, made by the extension's own code, and tiny models."""

import subprocess
from pathlib import Path

import pytest
from runs import ENGINE, ROOT
from tiny import corpus, write_model


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "dataset"
    tsx = ROOT / "node_modules" / "tsx" / "dist" / "cli.mjs"
    script = Path(__file__).with_name("dataset.ts")
    subprocess.run(["node", str(tsx), str(script), str(folder)], check=True, cwd=ROOT)
    return folder


@pytest.fixture(scope="session")
def qwen(tmp_path_factory: pytest.TempPathFactory, dataset: Path) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "qwen", corpus(dataset))


def pytest_configure() -> None:
    import sys

    sys.path.insert(0, str(ENGINE))
