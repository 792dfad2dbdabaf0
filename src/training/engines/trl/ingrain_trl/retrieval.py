"""The arm `retrieval`: the statements that share the most words with the question."""

from typing import Any

import bm25s

from .exam import Message


class Retriever:
    """The top statements by BM25 (Robertson and Zaragoza 2009), as bm25s computes it."""

    def __init__(self, statements: list[dict[str, Any]], top_k: int) -> None:
        self._texts = [statement["text"] for statement in statements]
        self._top_k = min(top_k, len(self._texts))
        self._index = bm25s.BM25()
        self._index.index(tokenize(self._texts), show_progress=False)

    def find(self, messages: list[Message]) -> str:
        """The statements, the best first, a line each; the first ones for no question."""
        question = next((m["content"] for m in messages if m["role"] == "user"), "")
        known = [word for word in tokenize([question])[0] if word in self._index.vocab_dict]
        if not known:
            return "\n".join(self._texts[: self._top_k])
        found, _ = self._index.retrieve([known], k=self._top_k, show_progress=False)
        return "\n".join(self._texts[at] for at in found[0])


def tokenize(texts: list[str]) -> list[list[str]]:
    return bm25s.tokenize(texts, stopwords=None, return_ids=False, show_progress=False)
