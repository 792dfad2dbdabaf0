"""What the engine makes of the dataset's rows: dialogues with all their turns, and calls of tools."""

from pathlib import Path

import pytest
from ingrain_trl.data import RunDataset, trajectories
from ingrain_trl.prompts import PLAIN_TEMPLATE, Prompter
from tiny import CHAT_TEMPLATE, NO_SYSTEM, write_tokenizer

TURNS = [
    {"role": "system", "content": "desk"},
    {"role": "user", "content": "My bag is heavy."},
    {"role": "assistant", "content": "How heavy is it?"},
    {"role": "user", "content": "It weighs 9 kg."},
]
CALL = {
    "id": "t-1",
    "kind": "scenario",
    "statements": ["s-1"],
    "prompt": TURNS,
    "completion": [
        {
            "role": "assistant",
            "content": "Reasoning: by s-1",
            "tool_calls": [
                {"type": "function", "function": {"name": "keep_bag", "arguments": {"owner": "Zoë", "kg": 9}}}
            ],
        }
    ],
}


@pytest.mark.parametrize("template", [CHAT_TEMPLATE, NO_SYSTEM, PLAIN_TEMPLATE])
def test_a_prompt_has_every_turn_of_a_dialogue(tmp_path: Path, template: str) -> None:
    tokenizer = write_tokenizer(tmp_path, ["desk"], template, 300)
    prompt = Prompter(tokenizer, "desk", "desk", "").without_policy(TURNS)
    places = [prompt.index(message["content"]) for message in TURNS]
    assert places == sorted(places)
    assert prompt.count("desk") == 1


def test_no_messages_ask_nothing(tmp_path: Path) -> None:
    prompter = Prompter(write_tokenizer(tmp_path, ["desk"], PLAIN_TEMPLATE, 300), "desk", "desk", "")
    assert prompter.without_policy([]) == "[desk] Question: \n"


@pytest.mark.parametrize("direct", [0.0, 1.0])
def test_a_call_is_the_answer(direct: float) -> None:
    [row] = trajectories(RunDataset(manifest={}, cpt=[], sft=[CALL], exam=[]), direct, 1)
    answer = 'keep_bag {"owner":"Zoë","kg":9}'
    assert row["answer"] == answer
    assert row["completion"] == ("" if direct else "Reasoning: by s-1\n") + f"Answer: {answer}"
