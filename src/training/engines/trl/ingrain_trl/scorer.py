"""Lets a causal language model sit the exam."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch

from .errors import is_out_of_memory
from .exam import Message, Ranked
from .prompts import Prompter
from .team import Team

TOKENS_A_BATCH = 16_384
"""Tokens of a batch, padding counted: what bounds the memory of keys, values and logits."""

Render = Callable[[list[Message]], str]
Pair = tuple[list[int], list[int]]


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
        own = self._team.share(list(questions))
        pairs: list[Pair] = []
        for messages, choices in own:
            prompt = self._prompter.encode_question(self._render(messages))
            pairs += [(prompt, self._prompter.encode_choice(choice)) for choice in choices]
        sums = iter(self.log_likelihoods(pairs))
        lengths = iter(len(answer) for _, answer in pairs)
        scored = [[Ranked(next(sums), next(lengths)) for _ in choices] for _, choices in own]
        return self._team.join(scored)

    def log_likelihoods(self, pairs: Sequence[Pair]) -> list[float]:
        """The log-likelihood of each second sequence after the first, in nats."""
        sums = [0.0] * len(pairs)

        def add(batch: list[int]) -> None:
            for at, value in zip(batch, self._sums([pairs[at] for at in batch]), strict=True):
                sums[at] = value

        for batch in batches([len(prompt) + len(answer) for prompt, answer in pairs]):
            self._stop()
            halving(batch, add)
        return sums

    def _sums(self, pairs: list[Pair]) -> list[float]:
        """
        Prompts are padded on the left, so that the logits of the answers alone are computed: a
        vocabulary is large.
        """
        longest = max(len(answer) for _, answer in pairs)
        ids, mask = self._padded([prompt + answer for prompt, answer in pairs])
        with torch.inference_mode():
            logits = self._model(
                input_ids=ids,
                attention_mask=mask,
                position_ids=positions(mask),
                logits_to_keep=longest + 1,
                use_cache=False,
            ).logits[:, :-1]
            wanted = ids[:, -longest:].unsqueeze(-1)
            each = logits.float().log_softmax(-1).gather(-1, wanted).squeeze(-1)
        rows = zip(each, pairs, strict=True)
        return [float(row[longest - len(answer) :].sum()) for row, (_, answer) in rows]

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
        sums = self.log_likelihoods([([first], piece) for piece in pieces])
        return float(torch.tensor(-sum(sums) / len(ids)).exp()), len(ids)

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
