"""Marks an exam exactly as src/evaluation does: the report's numbers mean the same in both engines."""

import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypedDict

import regex

Message = dict[str, str]
Item = dict[str, Any]
MAX_ANSWER_TOKENS = 96
BATCH = 32


@dataclass(frozen=True)
class Ranked:
    """A choice's log-likelihood in nats, and the number of tokens it was summed over."""

    log_likelihood: float
    tokens: int


class ExamModel(Protocol):
    """What an examined model can do."""

    def score(self, questions: Sequence[tuple[list[Message], list[str]]]) -> list[list[Ranked]]:
        """Each choice as the answer to the prompt; no messages ask for the choices alone."""
        ...

    def generate(self, prompts: Sequence[list[Message]], max_tokens: int) -> list[str]:
        """The greedy answer to each prompt."""
        ...


class Score(TypedDict):
    """A share of right answers with its 95 % Wilson interval; all between 0 and 1."""

    accuracy: float
    n: int
    interval: list[float]


def score(right: int, n: int) -> Score:
    """The Wilson score interval (Wilson 1927) stays within 0 and 1 and is honest for few items."""
    if n == 0:
        return {"accuracy": 0, "n": 0, "interval": [0, 1]}
    z = 1.959964
    share = right / n
    center = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return {"accuracy": share, "n": n, "interval": [max(0, center - half), min(1, center + half)]}


def normalize_answer(answer: str) -> str:
    """Case, punctuation and white space taken out."""
    text = unicodedata.normalize("NFKC", answer).lower()
    return regex.sub(r"[^\p{L}\p{N}%$€£]+", " ", text).strip()


def matches(answer: str, expected: str) -> bool:
    """Whether a written answer is the expected one; reasoning before it is not marked."""
    return normalize_answer(answer) == normalize_answer(expected)


@dataclass(frozen=True)
class Marked:
    """An item, whether it was answered right, and the choice that was taken or what was written."""

    item: Item
    right: bool
    given: str


def examine(
    model: ExamModel,
    exam: Sequence[Item],
    statements: Sequence[dict[str, Any]],
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    on_answers: Callable[[list[dict[str, Any]]], None] = lambda _answers: None,
) -> dict[str, Any]:
    """
    Choices are ranked by log-likelihood per token, written answers must equal the expected one after
    normalisation. The choices are ranked once more with no question at all (the null prompt): the
    exam is valid where that lies at chance. `on_answers` is called with the answers as they come, as
    lines of `answers.jsonl`. Returns an arm of the report.
    """
    choices = [item for item in exam if "choices" in item]
    written = [item for item in exam if "choices" not in item]
    total = len(exam) + len(choices)
    marked: list[Marked] = []
    done = 0

    def advance(by: int) -> None:
        nonlocal done
        done += by
        on_progress(done, total)

    def take(batch: list[Marked]) -> None:
        marked.extend(batch)
        on_answers(
            [{"item": entry.item["id"], "right": entry.right, "given": entry.given} for entry in batch]
        )
        advance(len(batch))

    for items in chunks(choices):
        best = rank(model, [(item["prompt"], item["choices"]) for item in items])
        take(
            [
                Marked(item, at == item["answer"], item["choices"][at])
                for item, at in zip(items, best, strict=True)
            ]
        )
    for items in chunks(written):
        answers = model.generate([item["prompt"] for item in items], MAX_ANSWER_TOKENS)
        take(
            [
                Marked(item, matches(answer, item["expected"]), answer)
                for item, answer in zip(items, answers, strict=True)
            ]
        )
    null_right = 0
    for items in chunks(choices):
        best = rank(model, [([], item["choices"]) for item in items])
        null_right += sum(at == item["answer"] for item, at in zip(items, best, strict=True))
        advance(len(items))
    return arm_of(marked, score(null_right, len(choices)), statements)


def rank(model: ExamModel, questions: Sequence[tuple[list[Message], list[str]]]) -> list[int]:
    """The index of the likeliest choice, by log-likelihood per token, of each question."""
    best = []
    for scored in model.score(questions):
        per_token = [choice.log_likelihood / max(1, choice.tokens) for choice in scored]
        best.append(per_token.index(max(per_token)))
    return best


def arm_of(
    marked: Sequence[Marked], null_prompt: Score, statements: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """The scores of an arm, by all that the report tells apart."""
    known = {statement["id"]: statement for statement in statements}
    counted = [entry for entry in marked if entry.item["tier"] in ("reworded", "scenario")]
    seen = [entry for entry in marked if entry.item["tier"] == "seen" and "expected" in entry.item]
    by_statement: dict[str, dict[str, int]] = {}
    for entry in marked:
        for id in entry.item["statements"]:
            tally_of = by_statement.setdefault(id, {"right": 0, "n": 0})
            tally_of["n"] += 1
            tally_of["right"] += entry.right

    def category(item: Item) -> str:
        return known.get(item["statements"][0], {}).get("category", "unknown")

    def depth(item: Item) -> str:
        return str(max(known.get(id, {}).get("depth", 0) for id in item["statements"]))

    return {
        **tally(counted),
        "byTier": group(marked, lambda item: item["tier"]),
        "byCategory": group(counted, category),
        "byKind": group(counted, lambda item: item["kind"]),
        "byDepth": group(counted, depth),
        "byForm": group(counted, lambda item: "choice" if "choices" in item else "generated"),
        **({"generatedSeen": tally(seen)} if seen else {}),
        "nullPrompt": null_prompt,
        "byStatement": by_statement,
    }


def tally(marked: Sequence[Marked]) -> Score:
    return score(sum(entry.right for entry in marked), len(marked))


def group(marked: Sequence[Marked], key_of: Callable[[Item], str]) -> dict[str, Score]:
    groups: dict[str, list[Marked]] = {}
    for entry in marked:
        groups.setdefault(key_of(entry.item), []).append(entry)
    return {key: tally(groups[key]) for key in sorted(groups)}


def summary(arm: dict[str, Any]) -> dict[str, Any]:
    """What the event `exam` tells of an arm."""
    return {
        "accuracy": arm["accuracy"],
        "byCategory": {key: value["accuracy"] for key, value in arm["byCategory"].items()},
        "askedByCategory": {key: value["n"] for key, value in arm["byCategory"].items()},
        "byStatement": arm["byStatement"],
    }


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
