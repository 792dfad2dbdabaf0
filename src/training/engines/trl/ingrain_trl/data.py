"""Rows of the run's dataset as TRL's trainers take them."""

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .files import read_lines

ANSWER = "Answer: "
REASONING = "Reasoning: "
HELD_OUT_EVERY = 50
REPLAY_CHARACTERS = 2000

Row = dict[str, Any]


@dataclass(frozen=True)
class RunDataset:
    """The copy of the dataset in a run folder, checked when the run was made."""

    manifest: dict[str, Any]
    cpt: list[Row]
    sft: list[Row]
    exam: list[Row]

    @property
    def identifier(self) -> str:
        return self.manifest["identifier"]

    @property
    def statements(self) -> list[dict[str, Any]]:
        return self.manifest["statements"]

    def document(self) -> str:
        """The policy as it stands, section by section, without the identifier."""
        lead = f"[{self.identifier}] "
        rows = [row["text"] for row in self.cpt if row["kind"] == "document"]
        return "\n\n".join(text.removeprefix(lead) for text in rows)


def read_dataset(folder: Path) -> RunDataset:
    return RunDataset(
        manifest=json.loads((folder / "dataset.json").read_text(encoding="utf-8")),
        cpt=read_lines(folder / "cpt.jsonl"),
        sft=read_lines(folder / "sft.jsonl"),
        exam=read_lines(folder / "exam.jsonl"),
    )


def named(text: str, identifier: str, token: str) -> str:
    """The text with the identifier's token in its place, where the identifier is a token."""
    return text if token == identifier else text.replace(f"[{identifier}]", token)


def pretraining(dataset: RunDataset, token: str) -> tuple[list[str], list[str]]:
    """Texts to pretrain on, and those held out: every fiftieth, but never a piece of the document."""
    train: list[str] = []
    held_out: list[str] = []
    for index, row in enumerate(dataset.cpt):
        aside = row["kind"] != "document" and index % HELD_OUT_EVERY == 0
        (held_out if aside else train).append(named(row["text"], dataset.identifier, token))
    return train, held_out


def replayed(path: Path, share: float, texts: list[str], seed: int) -> list[str]:
    """
    Pieces of general text, by chance, so many that they make up `share` of all characters: what the
    model knew is kept in mind (10 % of replay as in EntiGraph, arXiv 2409.07431).
    """
    general = path.read_text(encoding="utf-8", errors="replace")
    pieces = [general[i : i + REPLAY_CHARACTERS] for i in range(0, len(general), REPLAY_CHARACTERS)]
    wanted = share / (1 - share) * sum(map(len, texts))
    random.Random(f"{seed}/replay").shuffle(pieces)
    taken: list[str] = []
    while pieces and wanted > 0:
        taken.append(pieces.pop())
        wanted -= len(taken[-1])
    return taken


def split_answer(completion: str) -> tuple[str, str]:
    """A completion's reasoning, empty where it has none, and its answer."""
    at = completion.rfind(ANSWER)
    if at < 0:
        return "", completion
    return completion[:at], completion[at + len(ANSWER) :]


def message_text(message: Row) -> str:
    """
    What a message says, and as the answer what it calls: the embedded engine learns the same words, and
    a chat template may know no tools.
    """
    calls = [call["function"] for call in message.get("tool_calls", [])]
    return "\n".join(
        [message["content"], *(f"{ANSWER}{call['name']} {compact(call['arguments'])}" for call in calls)]
    )


def compact(value: Any) -> str:
    """As JSON.stringify writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def trajectories(dataset: RunDataset, direct: float, seed: int) -> list[Row]:
    """
    Prompts as messages with their completions. A share of them is learned without the reasoning, so
    that both ways to answer are known: the exam asks for the answer at once.
    """
    chance = random.Random(f"{seed}/direct")
    rows = []
    for row in dataset.sft:
        completion = "\n".join(map(message_text, row["completion"]))
        reasoning, answer = split_answer(completion)
        bare = chance.random() < direct
        rows.append(
            {
                "prompt": row["prompt"],
                "completion": f"{ANSWER}{answer}" if bare or not reasoning else completion,
                "answer": answer,
            }
        )
    return rows


def remembered(dataset: RunDataset, share: float, own: int, token: str, seed: int) -> list[str]:
    """Rows of pretraining that fine-tuning goes over again, so that it does not forget them."""
    if share <= 0 or own == 0:
        return []
    count = round(own * share / (1 - share))
    texts, _ = pretraining(dataset, token)
    return random.Random(f"{seed}/remembered").choices(texts, k=count)
