"""
GRPO with PolicyRollout (TriMPI, arXiv 2510.09474): each group pools rollouts without the policy in the
prompt and as many with it; the likelihood ratio is always taken in the context without it.
"""

import os
from typing import Any

from .data import ANSWER, REASONING, Row
from .exam import matches
from .prompts import Prompter
from .spec import Hyperparameters
from .team import Team

FORMAT_WEIGHT = 0.1
"""A well-formed answer is worth little beside a right one."""


def accuracy_reward(completions: list[str], answer: list[str], **_: Any) -> list[float]:
    """1 for the expected answer, as the exam's checker judges it."""
    return [
        float(ANSWER in made and matches(made.rsplit(ANSWER, 1)[1], expected))
        for made, expected in zip(completions, answer, strict=True)
    ]


def format_reward(completions: list[str], **_: Any) -> list[float]:
    """1 for reasoning and then one answer, or for an answer alone."""
    return [
        float(made.count(ANSWER) == 1 and made.lstrip().startswith((REASONING, ANSWER)))
        for made in completions
    ]


class PolicyRollout:
    """A rollout function for TRL's GRPOTrainer: half of each group is sampled with the policy."""

    def __init__(self, prompter: Prompter, with_policy: dict[str, str], group: int, team: Team) -> None:
        self._prompter = prompter
        self._with_policy = with_policy
        self._group = group
        self._team = team

    def contexts(self, prompts: list[str]) -> list[str]:
        """What each rollout is sampled from. Groups may lie over several processes."""
        first = self._team.rank * len(prompts)
        return [
            prompt if (first + at) % (2 * self._group) < self._group else self._with_policy[prompt]
            for at, prompt in enumerate(prompts)
        ]

    def __call__(self, prompts: list[str], trainer: Any) -> dict[str, Any]:
        sampled = [self._prompter.encode(context) for context in self.contexts(prompts)]
        completions, logprobs = trainer._generate_single_turn(sampled, None, {})
        # The trainer computes the ratio in the context that it is given here.
        return {
            "prompt_ids": [self._prompter.encode(prompt) for prompt in prompts],
            "completion_ids": completions,
            "logprobs": logprobs,
        }


def make_trainer(
    model: Any,
    tokenizer: Any,
    prompter: Prompter,
    rows: list[Row],
    hyperparameters: Hyperparameters,
    team: Team,
    common: dict[str, Any],
    callbacks: list[Any],
) -> Any:
    """The trainer of the stage `rl`; `common` are the arguments that all stages share."""
    os.environ["TRL_EXPERIMENTAL_SILENCE"] = "1"
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer

    prompts = [prompter.without_policy(row["prompt"]) for row in rows]
    policies = [prompter.with_policy(row["prompt"]) for row in rows]
    size = 2 * hyperparameters.rl_group
    batch = largest_divisor(size, hyperparameters.batch_size)
    arguments = GRPOConfig(
        **{
            **common,
            "per_device_train_batch_size": batch,
            "gradient_accumulation_steps": accumulation(size, hyperparameters.rl_prompts, batch, team.size),
            "max_steps": min(
                hyperparameters.rl_steps, hyperparameters.step_limit or hyperparameters.rl_steps
            ),
        },
        num_generations=size,
        max_completion_length=hyperparameters.rl_max_tokens,
        temperature=hyperparameters.rl_temperature,
        epsilon=hyperparameters.rl_clip_low,
        epsilon_high=hyperparameters.rl_clip_high,
        beta=hyperparameters.rl_kl,
        loss_type="grpo",
        reward_weights=[1.0, FORMAT_WEIGHT],
    )
    return GRPOTrainer(
        model=model,
        args=arguments,
        processing_class=tokenizer,
        train_dataset=Dataset.from_dict({"prompt": prompts, "answer": [row["answer"] for row in rows]}),
        reward_funcs=[accuracy_reward, format_reward],
        rollout_func=PolicyRollout(
            prompter, dict(zip(prompts, policies, strict=True)), hyperparameters.rl_group, team
        ),
        callbacks=callbacks,
    )


def largest_divisor(number: int, most: int) -> int:
    return next(n for n in range(min(number, most), 0, -1) if number % n == 0)


def accumulation(group: int, prompts: int, batch: int, processes: int) -> int:
    """Batches a step, so that whole groups fill them over all processes."""
    steps = max(1, group * prompts // (batch * processes))
    while steps * batch * processes % group != 0:
        steps += 1
    return steps
