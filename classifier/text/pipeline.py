"""The whole way of a text into the network: cleaner, then vectorizer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, TypeGuard

import numpy.typing as npt

from classifier.text.clean import Cleaner, without_markup
from classifier.text.memory import PieceMemory
from classifier.text.text_vectorization import TextVectorization
from classifier.text.vectorizers import Vectorizer


@dataclass(frozen=True, slots=True)
class TextPipeline:
    """Raw texts → ids, or whatever numbers the vectorizer gives.

    Attributes:
        cleaner: None for a model that is given clean lemmas and wants them untouched.
        input: name of the network's input that takes them; None: it has only one.
    """

    cleaner: Cleaner | None
    vectorizer: Vectorizer
    input: str | None = None
    _memory: PieceMemory | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_memory", self._new_memory())

    def words(self, text: str) -> list[str]:
        """Return what the network reads of ``text``: its words in order, cut at its length."""
        if self.cleaner is not None:
            # Only as many words are lemmatized as are read.
            read = islice(self.cleaner.words(text), self.vectorizer.most_words)
            text = " ".join(read)
        return self.vectorizer.words(text)

    def ids(self, texts: Sequence[str]) -> npt.NDArray[Any]:
        """Return the ids of each text: (texts, length); those of its ``words``, found faster."""
        vectorizer = self.vectorizer
        if self._memory is None or self.cleaner is None or not _is_by_piece(vectorizer):
            return vectorizer.ids([self.words(text) for text in texts])
        plain = map(without_markup, texts) if self.cleaner.markup else texts
        return vectorizer.padded([self._memory.ids(text) for text in plain])

    def _new_memory(self) -> PieceMemory | None:
        """Untouched texts are only split and looked up: there is nothing worth remembering."""
        if self.cleaner is None or not _is_by_piece(self.vectorizer):
            return None
        cleaner, vectorizer = replace(self.cleaner, markup=False), self.vectorizer

        def read(piece: str) -> tuple[int, ...]:
            return vectorizer.look_up(vectorizer.words(" ".join(cleaner.words(piece))))

        return PieceMemory(read, vectorizer.length)


def _is_by_piece(vectorizer: Vectorizer) -> TypeGuard[TextVectorization]:
    """Tell whether the first ids of a text are those of its first pieces, whatever follows."""
    return isinstance(vectorizer, TextVectorization)
