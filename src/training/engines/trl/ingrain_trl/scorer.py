"""Lets a causal language model sit the exam."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from .errors import is_out_of_memory
from .exam import Message, Ranked
from .prompts import Prompter
from .team import Team

TOKENS_A_BATCH = 16_384
"""Tokens of a batch, padding counted: what bounds the memory of keys, values and logits."""

Render = Callable[[list[Message]], str]


@dataclass(frozen=True)
class Question:
    """Tokens of a prompt, and of the answers to it that are scored."""

    prompt: list[int]
    answers: list[list[int]]

    @property
    def tokens(self) -> int:
        return len(self.prompt) + sum(map(len, self.answers))


class Scorer:
    """
    An exam model in one arm: `render` says what stands in the prompt. The processes of a team share
    the questions; all of them must ask the same.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        prompter: Prompter,
        render: Render,
        team: Team,
        stop: Callable[[], None] = lambda: None,
    ) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._prompter = prompter
        self._render = render
        self._team = team
        self._stop = stop

    def score(self, questions: Sequence[tuple[list[Message], list[str]]]) -> list[list[Ranked]]:
        own = [
            Question(
                self._prompter.encode_question(self._render(messages)),
                [self._prompter.encode_choice(choice) for choice in choices],
            )
            for messages, choices in self._team.share(list(questions))
        ]
        scored = [
            [Ranked(value, len(answer)) for value, answer in zip(values, question.answers, strict=True)]
            for values, question in zip(self.log_likelihoods(own), own, strict=True)
        ]
        return self._team.join(scored)

    def log_likelihoods(self, questions: Sequence[Question]) -> list[list[float]]:
        """The log-likelihood of each answer after its prompt, in nats."""
        sums: list[list[float]] = [[] for _ in questions]

        def add(batch: list[int]) -> None:
            for at, values in zip(batch, self._sums([questions[at] for at in batch]), strict=True):
                sums[at] = values

        for batch in batches([question.tokens for question in questions]):
            self._stop()
            halving(batch, add)
        return sums

    def _sums(self, questions: list[Question]) -> list[list[float]]:
        """Each prompt is computed once: its answers go on from its keys and values."""
        ids, mask = self._padded([question.prompt for question in questions])
        answers = [answer for question in questions for answer in question.answers]
        of = torch.tensor([at for at, question in enumerate(questions) for _ in question.answers])
        of = of.to(ids.device)
        wanted, counted = (side.flip(-1) for side in self._padded([answer[::-1] for answer in answers]))
        with torch.inference_mode():
            asked = self._model(
                input_ids=ids,
                attention_mask=mask,
                position_ids=positions(mask),
                logits_to_keep=1,
                use_cache=True,
            )
            cache = asked.past_key_values
            cache.batch_select_indices(of)
            lengths = mask.sum(-1, keepdim=True)[of]
            rest = self._model(
                input_ids=wanted,
                attention_mask=torch.cat([mask[of], counted], -1),
                position_ids=lengths + torch.arange(wanted.shape[1], device=ids.device),
                past_key_values=cache,
                use_cache=True,
            ).logits
            logits = torch.cat([asked.logits[of], rest[:, :-1]], 1).float()
            each = logits.log_softmax(-1).gather(-1, wanted.unsqueeze(-1)).squeeze(-1)
            sums = iter((each * counted).sum(-1).tolist())
        return [[next(sums) for _ in question.answers] for question in questions]

    def generate(self, prompts: Sequence[list[Message]], max_tokens: int) -> list[str]:
        own = self._team.share(list(prompts))
        encoded = [self._prompter.encode_question(self._render(messages)) for messages in own]
        answers = [""] * len(own)

        def add(batch: list[int]) -> None:
            for at, text in zip(batch, self._texts([encoded[at] for at in batch], max_tokens), strict=True):
                answers[at] = text

        for batch in batches([len(ids) + max_tokens for ids in encoded]):
            self._stop()
            halving(batch, add)
        return self._team.join(answers)

    def _texts(self, prompts: list[list[int]], max_tokens: int) -> list[str]:
        ids, mask = self._padded(prompts)
        with torch.inference_mode():
            made = self._model.generate(
                input_ids=ids,
                attention_mask=mask,
                max_new_tokens=max_tokens,
                do_sample=False,
                temperature=None,
                top_p=None,
                top_k=None,
                eos_token_id=self._tokenizer.eos_token_id,
                pad_token_id=self._tokenizer.pad_token_id,
            )
        new = made[:, ids.shape[1] :]
        return [text.strip() for text in self._tokenizer.batch_decode(new, skip_special_tokens=True)]

    def perplexity(self, text: str, context: int) -> tuple[float, int]:
        """Of a text in pieces of the context's length, and the number of tokens it was measured on."""
        ids = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        first = self._tokenizer.bos_token_id or self._tokenizer.eos_token_id
        pieces = [ids[at : at + context - 1] for at in range(0, len(ids), context - 1)]
        sums = self.log_likelihoods([Question([first], [piece]) for piece in pieces])
        return math.exp(-sum(value for (value,) in sums) / len(ids)), len(ids)

    def _padded(self, rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        width = max(map(len, rows))
        pad = self._tokenizer.pad_token_id
        ids = torch.tensor([[pad] * (width - len(row)) + row for row in rows])
        mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows])
        device = self._model.device
        return ids.to(device), mask.to(device)


def halving(batch: list[int], work: Callable[[list[int]], None]) -> None:
    """Does the work in halves where the device's memory is too small for the whole: nothing else changes."""
    try:
        return work(batch)
    except RuntimeError as error:
        if len(batch) == 1 or not is_out_of_memory(error):
            raise
    # Outside of the handler, which would keep what the failed try had made.
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    middle = len(batch) // 2
    halving(batch[:middle], work)
    halving(batch[middle:], work)
    return None


def positions(mask: torch.Tensor) -> torch.Tensor:
    """Padding does not count."""
    return (mask.cumsum(-1) - 1).clamp(min=0)


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices of sequences of like length, as many as the budget of tokens allows."""
    batch: list[int] = []
    for at in sorted(range(len(lengths)), key=lambda at: lengths[at]):
        if batch and (len(batch) + 1) * lengths[at] > TOKENS_A_BATCH:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch
