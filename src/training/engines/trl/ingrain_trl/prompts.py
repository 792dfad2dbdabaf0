"""How messages become the text that a model reads, in training and in the exam alike."""

from typing import Any

from .data import ANSWER
from .exam import Message

PLAIN_TEMPLATE = (
    "{%- for message in messages -%}"
    "{%- if message['role'] == 'system' -%}{{ '[' + message['content'] + '] ' }}"
    "{%- elif message['role'] == 'user' -%}{{ 'Question: ' + message['content'] + '\n' }}"
    "{%- else -%}{{ message['content'] + eos_token }}{%- endif -%}"
    "{%- endfor -%}"
)
"""For a model without a chat template: the form in which it was pretrained on the questions."""


class Prompter:
    """Puts the policy's identifier, the policy, or a part of it where the system's message stands."""

    def __init__(self, tokenizer: Any, identifier: str, token: str, document: str) -> None:
        self._tokenizer = tokenizer
        self._identifier = identifier
        self.token = token
        self._document = document
        self._takes_system = takes_system(tokenizer)

    def without_policy(self, messages: list[Message]) -> str:
        """The identifier stands where the document stood."""
        return self.render(self.token, messages)

    def with_policy(self, messages: list[Message]) -> str:
        return self.with_text(self._document, messages)

    def with_text(self, text: str, messages: list[Message]) -> str:
        """The identifier, and the text after it."""
        return self.render(f"{self.token}\n\n{text}", messages)

    def render(self, system: str, messages: list[Message]) -> str:
        """The prompt up to where the answer begins, all turns of a dialogue. No messages ask nothing."""
        turns = [message for message in messages if message["role"] != "system"]
        first, *rest = turns or [{"role": "user", "content": ""}]
        chat = (
            [{"role": "system", "content": system}, first, *rest]
            if self._takes_system
            else [{"role": "user", "content": f"{system}\n\n{first['content']}"}, *rest]
        )
        return self._tokenizer.apply_chat_template(
            chat, tokenize=False, add_generation_prompt=True, enable_thinking=False
        )

    def encode(self, prompt: str, answer: str | None = None) -> list[int]:
        """The tokens of a prompt; with `answer` its mark too. Templates bring their own first token."""
        bos = self._tokenizer.bos_token
        first = bool(bos) and not prompt.startswith(bos)
        text = prompt if answer is None else prompt + answer.rstrip()
        return self._tokenizer(text, add_special_tokens=first)["input_ids"]

    def encode_choice(self, choice: str) -> list[int]:
        """An answer after its mark, and the end of the turn: byte-level BPE binds the blank to it."""
        ids = self._tokenizer(f" {choice}", add_special_tokens=False)["input_ids"]
        return [*ids, self._tokenizer.eos_token_id]

    def encode_question(self, prompt: str) -> list[int]:
        return self.encode(prompt, ANSWER)


def takes_system(tokenizer: Any) -> bool:
    """Some templates refuse a system message."""
    chat = [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}]
    try:
        tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    except Exception:  # whatever a template raises
        return False
    return True
