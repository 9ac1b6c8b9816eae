"""The whole way of a text into the network: cleaner, then vectorizer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
import numpy.typing as npt

from classifier.text.clean import Cleaner, without_markup
from classifier.text.memory import PieceMemory
from classifier.text.vectorizers import Standardize, TextVectorization


@dataclass(frozen=True, slots=True)
class TextPipeline:
    """Raw texts → ids.

    Attributes:
        cleaner: None for a model that is given clean lemmas and wants them untouched.
        input: name of the network's input that takes the ids; None: it has only one.
    """

    cleaner: Cleaner | None
    vectorizer: TextVectorization
    input: str | None = None
    _memory: PieceMemory | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_memory", self._new_memory())

    def words(self, text: str) -> list[str]:
        """Return what the network reads of ``text``: its words in order, cut at its length."""
        if self.cleaner is not None:
            text = " ".join(islice(self.cleaner.words(text), self._needed()))
        return self.vectorizer.words(text)

    def _needed(self) -> int | None:
        """Only as many words are lemmatized as the network reads, unless some may still go."""
        untouched = self.vectorizer.standardize is Standardize.NOTHING
        return self.vectorizer.length if untouched else None

    def ids(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the ids of each text: (texts, length); those of its ``words``, found faster."""
        if self._memory is None or self.cleaner is None:
            return self.vectorizer.ids([self.words(text) for text in texts])
        plain = map(without_markup, texts) if self.cleaner.markup else texts
        return self.vectorizer.padded([self._memory.ids(text) for text in plain])

    def _new_memory(self) -> PieceMemory | None:
        """Untouched texts are only split and looked up: there is nothing worth remembering."""
        if self.cleaner is None:
            return None
        cleaner, vectorizer = replace(self.cleaner, markup=False), self.vectorizer

        def read(piece: str) -> tuple[int, ...]:
            return vectorizer.look_up(vectorizer.words(" ".join(cleaner.words(piece))))

        return PieceMemory(read, vectorizer.length)
