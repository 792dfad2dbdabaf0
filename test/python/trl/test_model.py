"""What a run takes where it is installed, and what it says where a model cannot be had."""

import importlib.util
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
import torch
from ingrain_trl import model, stages
from ingrain_trl.spec import Unit, read_spec
from ingrain_trl.team import Team
from runs import ENGINE, make_run


def install(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    """A CUDA GPU, and these packages beside it."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object() if name in packages else None)


def test_flash_attention_is_used_where_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    assert model.attention(torch.bfloat16) == "sdpa"
    install(monkeypatch, "flash_attn")
    assert model.attention(torch.bfloat16) == "flash_attention_2"
    assert model.attention(torch.float32) == "sdpa"
    install(monkeypatch)
    assert model.attention(torch.bfloat16) == "sdpa"


@pytest.mark.parametrize("identifier", ["text", "token"])
def test_liger_is_used_where_it_can_be(
    tmp_path: Path, dataset: Path, qwen: Path, monkeypatch: pytest.MonkeyPatch, identifier: str
) -> None:
    """Its fused loss reads the output layer past an adapter of its rows: not with a token of its own."""
    spec = read_spec(make_run(tmp_path, dataset, qwen, identifier=identifier))
    models: Any = SimpleNamespace(adapts_token=identifier == "token")
    nothing: Any = None
    shop = stages.Workshop(spec, nothing, models, nothing, Team(), tmp_path)
    arguments = lambda: shop._common(Unit("internalized", "cpt"), tmp_path)  # noqa: E731
    assert not arguments()["use_liger_kernel"]
    install(monkeypatch, "liger_kernel")
    monkeypatch.setattr(stages, "has_bfloat16", lambda: False)
    assert arguments()["use_liger_kernel"] == (identifier == "text")


class Hub(BaseHTTPRequestHandler):
    """Answers as the Hugging Face hub does."""

    answers: ClassVar[dict[str, tuple[int, str]]] = {
        "/api/models/some/gated/revision/main": (403, "GatedRepo"),
        "/api/models/some/missing/revision/main": (404, "RepoNotFound"),
        "/api/models/some/model/revision/v9": (404, "RevisionNotFound"),
    }

    def do_GET(self) -> None:
        status, code = self.answers.get(self.path.split("?")[0], (404, "EntryNotFound"))
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def hub() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


LOCATE = """
import sys
from ingrain_trl.errors import telling
from ingrain_trl.locate import locate
with telling():
    locate(sys.argv[1], sys.argv[2] or None)
"""


@pytest.mark.parametrize(
    ("name", "revision", "said"),
    [
        ("some/gated", "", ("is gated", "huggingface.co/some/gated", "hf auth login")),
        ("some/missing", "", ("There is no model some/missing", "spelling")),
        ("some/model", "v9", ("no revision v9", "huggingface.co/some/model")),
    ],
)
def test_what_the_hub_refuses_gives_the_sentence_that_helps(
    tmp_path: Path, hub: str, name: str, revision: str, said: tuple[str, ...]
) -> None:
    done = ask_hub(tmp_path, hub, name, revision)
    assert done.returncode == 1
    [line] = done.stderr.strip().splitlines()[-1:]
    for words in said:
        assert words in line
    assert "Traceback" not in done.stderr


def test_a_hub_that_cannot_be_reached(tmp_path: Path) -> None:
    done = ask_hub(tmp_path, "http://127.0.0.1:1", "some/model", "")
    assert done.returncode == 1
    assert "the hub cannot be reached. Check the network" in done.stderr


def ask_hub(tmp_path: Path, endpoint: str, name: str, revision: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LOCATE, name, revision],
        capture_output=True,
        text=True,
        env={
            **{key: value for key, value in os.environ.items() if not key.startswith("HF_")},
            "HF_ENDPOINT": endpoint,
            "HF_HOME": str(tmp_path),
            "PYTHONPATH": str(ENGINE),
        },
    )
