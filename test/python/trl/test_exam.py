"""The exam is marked as src/evaluation marks it, and scored as a plain forward pass scores it."""

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
import torch
from ingrain_trl import exam, probes
from ingrain_trl.data import read_dataset
from ingrain_trl.prompts import Prompter
from ingrain_trl.retrieval import Retriever
from ingrain_trl.scorer import Question, Scorer, halving
from ingrain_trl.team import Team
from runs import ROOT
from tiny import corpus, write_model
from transformers import AutoModelForCausalLM, AutoTokenizer


class Guesser:
    """Answers by what the texts add up to: wrong often, and the same in both languages."""

    def score(self, questions: list[Any]) -> list[list[exam.Ranked]]:
        return [
            [exam.Ranked(-(sum(map(ord, choice)) % 97) - len(prompt), 1 + len(choice)) for choice in choices]
            for prompt, choices in questions
        ]

    def generate(self, prompts: list[Any], max_tokens: int) -> list[str]:
        return ["14!" if len(prompt[-1]["content"]) % 2 else "I cannot do that." for prompt in prompts]


def test_the_same_marks_as_the_extension(dataset: Path) -> None:
    rows = read_dataset(dataset)
    answers: list[dict[str, Any]] = []
    ours = exam.examine(Guesser(), rows.exam, rows.statements, on_answers=answers.extend)
    tsx = ROOT / "node_modules" / "tsx" / "dist" / "cli.mjs"
    script = Path(__file__).with_name("examine.ts")
    out = subprocess.run(
        ["node", str(tsx), str(script), str(dataset)], check=True, cwd=ROOT, capture_output=True
    )
    theirs = json.loads(out.stdout)
    assert json.loads(json.dumps(ours)) == approximately(theirs["arm"])
    assert answers == theirs["answers"]
    assert 0 < ours["accuracy"] < 1


def approximately(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: approximately(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [approximately(inner) for inner in value]
    return pytest.approx(value) if isinstance(value, float) else value


@pytest.mark.parametrize("family", ["qwen3", "llama"])
def test_log_likelihoods_equal_a_plain_forward_pass(tmp_path: Path, dataset: Path, family: str) -> None:
    folder = write_model(tmp_path, corpus(dataset), family=family)
    model = AutoModelForCausalLM.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    prompter = Prompter(tokenizer, "desk", "desk", "")
    scorer = Scorer(model, tokenizer, prompter, prompter.without_policy, Team())
    chance = random.Random(1)
    make = lambda n: [chance.randrange(300, 600) for _ in range(n)]  # noqa: E731
    questions = [
        Question(make(chance.randrange(1, 40)), [make(chance.randrange(1, 9)) for _ in range(1 + at % 4)])
        for at in range(12)
    ]
    for question, values in zip(questions, scorer.log_likelihoods(questions), strict=True):
        for answer, value in zip(question.answers, values, strict=True):
            ids = torch.tensor([question.prompt + answer])
            with torch.no_grad():
                each = model(ids).logits.log_softmax(-1)[0, :-1].gather(-1, ids[0, 1:, None])
            assert value == pytest.approx(float(each[-len(answer) :].sum()), rel=1e-4)


def test_too_little_memory_for_a_batch_is_no_end() -> None:
    seen: list[list[int]] = []

    def work(batch: list[int]) -> None:
        if len(batch) > 2:
            raise torch.OutOfMemoryError
        seen.append(batch)

    halving(list(range(7)), work)
    assert [at for batch in seen for at in batch] == list(range(7))
    with pytest.raises(torch.OutOfMemoryError):
        halving([1], lambda _: (_ for _ in ()).throw(torch.OutOfMemoryError()))


def test_retrieval_finds_the_statement_that_is_asked_for(dataset: Path) -> None:
    rows = read_dataset(dataset)
    retriever = Retriever(rows.statements, 2)
    found = retriever.find([{"role": "user", "content": "What does a spare key cost?"}]).splitlines()
    assert found[0] == "A spare key costs 6 euros."
    assert len(found) == 2
    assert len(retriever.find([]).splitlines()) == 2


def test_the_newer_policy_names_another_choice(dataset: Path) -> None:
    rows = read_dataset(dataset)
    items = probes.override_items(rows.exam, rows.statements)
    assert items
    for item in items:
        assert item["changed"].endswith(".")
        assert item["choices"][item["answer"]] in item["changed"]


def test_the_rule_is_among_its_neighbours(dataset: Path) -> None:
    rows = read_dataset(dataset)
    texts = {statement["id"]: statement["text"] for statement in rows.statements}
    items = probes.referral_items(rows.exam, rows.statements)
    assert items
    for item in items:
        assert item["choices"][item["answer"]] == texts[item["statements"][0]]
        assert len(set(item["choices"])) == 4
