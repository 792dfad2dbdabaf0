"""
The evaluations beside the exam (method.md): does the newer policy win (override), does the model
know which rule it follows (referral), does the document in the prompt do no harm (restored), and is
general ability kept (retention). The wordings and choices are our own.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from .data import RunDataset
from .exam import Item, Message, Score, rank, score
from .prompts import Prompter
from .scorer import Render, Scorer

T = TypeVar("T")

MOST = 200
"""Items of a probe; more would cost time and say no more."""

CHANGED = "The policy has changed. From now on this holds:"
ASK_RULE = "Which rule of the policy decides this? "


def probe(
    scorer: Callable[[Render], Scorer], prompter: Prompter, dataset: RunDataset, neutral: str, context: int
) -> dict[str, Any]:
    """All of them, for one model; `scorer` makes its exam model with what stands in the prompt."""
    without = scorer(prompter.without_policy)
    override = spread(override_items(dataset.exam, dataset.statements))
    referral = spread(referral_items(dataset.exam, dataset.statements))
    restored = spread(counted_choices(dataset.exam))
    perplexity, tokens = without.perplexity(neutral, context)
    return {
        "retention": {"perplexity": perplexity, "tokens": tokens},
        "override": ask(scorer(OverrideRender(prompter, override)), override),
        "referral": ask(without, referral),
        "restored": ask(scorer(prompter.with_policy), restored),
    }


def spread(items: Sequence[T], most: int = MOST) -> list[T]:
    """As many items, evenly over all."""
    if len(items) <= most:
        return list(items)
    return [items[at * len(items) // most] for at in range(most)]


def counted_choices(exam: Sequence[Item]) -> list[Item]:
    return [item for item in exam if "choices" in item and item["tier"] in ("reworded", "scenario")]


def override_items(exam: Sequence[Item], statements: Sequence[dict[str, Any]]) -> list[Item]:
    """
    Questions whose answer stands word for word in their statement: the statement with another
    choice in the answer's place, which is then the right one.
    """
    texts = {statement["id"]: statement["text"] for statement in statements}
    made = []
    for item in counted_choices(exam):
        text = texts.get(item["statements"][0], "")
        answer = item["choices"][item["answer"]]
        if text.count(answer) != 1 or text == answer:
            continue
        other = next(at for at in range(len(item["choices"])) if at != item["answer"])
        changed = text.replace(answer, item["choices"][other])
        made.append({**item, "answer": other, "changed": f"{CHANGED}\n{changed}"})
    return made


def referral_items(exam: Sequence[Item], statements: Sequence[dict[str, Any]]) -> list[Item]:
    """Cases of which the rule itself is asked for, among three rules that stand near it."""
    order = [statement["id"] for statement in statements]
    texts = {statement["id"]: statement["text"] for statement in statements}
    made = []
    for item in counted_choices(exam):
        if item["kind"] not in ("scenario", "counterfactual") or len(order) < 4:
            continue
        at = order.index(item["statements"][0])
        near = [order[(at + step) % len(order)] for step in (1, -1, 2)]
        place = at % 4
        ids = [*near[:place], order[at], *near[place:]]
        question = next(m["content"] for m in item["prompt"] if m["role"] == "user")
        prompt: list[Message] = [{"role": "user", "content": f"{ASK_RULE}{question}"}]
        made.append({**item, "prompt": prompt, "choices": [texts[i] for i in ids], "answer": place})
    return made


def ask(scorer: Scorer, items: Sequence[Item]) -> Score:
    best = rank(scorer, [(item["prompt"], item["choices"]) for item in items])
    right = sum(at == item["answer"] for item, at in zip(items, best, strict=True))
    return score(right, len(items))


class OverrideRender:
    """Puts each item's changed statement into its prompt."""

    def __init__(self, prompter: Prompter, items: Sequence[Item]) -> None:
        self._prompter = prompter
        self._changed = {id(item["prompt"]): item["changed"] for item in items}

    def __call__(self, messages: list[Message]) -> str:
        return self._prompter.with_text(self._changed[id(messages)], messages)
