"""The protocol of the teacher `openai` against a real server: transformers' own, with a random model."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from transformers import GenerationConfig

from tiny_model import save_tiny_model

ROOT = Path(__file__).resolve().parents[2]
POLICY = "# Desk\n\nA spare key costs 6 euros.\n\nGreet every guest by name.\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Address and model of `transformers serve`, until the tests are over."""
    model = str(save_tiny_model(tmp_path_factory.mktemp("model"), [POLICY]))
    # A random model seldom ends by itself, and the server lets it go on for 1,024 tokens at least:
    # here most tokens end the answer.
    settings = GenerationConfig.from_pretrained(model)
    settings.eos_token_id = list(range(400))
    settings.save_pretrained(model)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "transformers"), "serve", model]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"],
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/health", process)
        yield f"{url}/v1", model
    finally:
        process.terminate()
        process.wait(30)


def wait_for(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(url, timeout=2).read()
            return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(url)


def ingrain(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", str(ROOT / "dist" / "cli.js"), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "INGRAIN_TEACHER_KEY": "sk-test-0123456789"},
    )


def test_asks_a_real_server_and_refuses_its_babble(server: tuple[str, str], tmp_path: Path) -> None:
    url, model = server
    (tmp_path / "desk.md").write_text(POLICY)
    command = ["synthesize", "desk.md", "--json", "--teacher", "openai"]
    done = ingrain(tmp_path, *command, "--model", model, "--base-url", url)
    assert done.returncode == 0, done.stderr
    manifest = json.loads(done.stdout)["manifest"]
    # Two questions about the fact, three about the behavior: a random model answers none.
    assert manifest["teaching"]["rows"] == 0
    assert len(manifest["teaching"]["unanswered"]) == 5
    assert manifest["counts"]["cpt"] > 0
    used = [line for line in done.stderr.splitlines() if line.startswith("Used: ")]
    # The server counts, so that prompts are not free.
    assert len(used) == 1 and not used[0].startswith("Used: 0 ")

    again = ingrain(tmp_path, *command, "--model", model, "--base-url", url)
    assert again.returncode == 0, again.stderr
    assert "Used: 0 tokens to read and 0 to write" in again.stderr
    # The plan differs: now there is a dataset, and nothing in it is stale.
    first, second = (json.loads(each.stdout) for each in (done, again))
    assert (second["folder"], second["manifest"]) == (first["folder"], first["manifest"])


def test_tells_a_model_that_is_not_there(server: tuple[str, str], tmp_path: Path) -> None:
    url, _ = server
    (tmp_path / "desk.md").write_text(POLICY)
    command = ["synthesize", "desk.md", "--teacher", "openai", "--model", "no/such-model"]
    failed = ingrain(tmp_path, *command, "--base-url", url)
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "The answers until then are kept" in failed.stderr.splitlines()[-1]
    assert "sk-test" not in failed.stderr
