"""What PolicyRollout samples from, and what it is rewarded for."""

from typing import Any

import pytest
from ingrain_trl.rollout import PolicyRollout, accumulation, accuracy_reward, format_reward, largest_divisor
from ingrain_trl.team import Team


class Letters:
    """Encodes a text as its letters."""

    def encode(self, text: str) -> list[int]:
        return [ord(letter) for letter in text]


class Echo:
    """Answers with the prompt that it was given, so that the test sees it."""

    def _generate_single_turn(self, prompts: list[list[int]], images: Any, fields: Any) -> Any:
        return prompts, None


def test_half_of_a_group_sees_the_policy_and_the_ratio_never_does() -> None:
    rollout = PolicyRollout(Letters(), {"q": "P q", "r": "P r"}, 2, Team())  # type: ignore[arg-type]
    prompts = ["q"] * 4 + ["r"] * 4
    made = rollout(prompts, Echo())
    sampled = ["".join(map(chr, ids)) for ids in made["completion_ids"]]
    assert sampled == ["q", "q", "P q", "P q", "r", "r", "P r", "P r"]
    assert ["".join(map(chr, ids)) for ids in made["prompt_ids"]] == prompts


def test_a_group_that_lies_over_two_processes_is_halved_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    for rank in ("0", "1"):
        monkeypatch.setenv("RANK", rank)
        monkeypatch.setenv("WORLD_SIZE", "2")
        rollout = PolicyRollout(Letters(), {"q": "P q"}, 2, Team())  # type: ignore[arg-type]
        seen += rollout.contexts(["q", "q"])
    assert seen == ["q", "q", "P q", "P q"]


def test_the_reward_is_the_exams_checker() -> None:
    made = ["Reasoning: by s-1\nAnswer: 6 Euros.", "Answer: 6 euros", "6 euros", "Answer: 7 euros"]
    assert accuracy_reward(made, ["6 euros"] * 4) == [1.0, 1.0, 0.0, 0.0]
    assert format_reward([*made, "Answer: a\nAnswer: b"]) == [1.0, 1.0, 0.0, 1.0, 0.0]


@pytest.mark.parametrize(
    "group,prompts,most,processes", [(8, 8, 8, 1), (8, 1, 3, 1), (6, 2, 4, 2), (4, 3, 8, 3)]
)
def test_a_step_holds_whole_groups(group: int, prompts: int, most: int, processes: int) -> None:
    batch = largest_divisor(group, most)
    assert batch <= most and group % batch == 0
    assert accumulation(group, prompts, batch, processes) * batch * processes % group == 0
