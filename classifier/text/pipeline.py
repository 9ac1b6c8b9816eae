"""The whole way of a text into the network: cleaner, then vectorizer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy.typing as npt

from classifier.text.clean import Cleaner
from classifier.text.memory import PieceReader
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
    _reader: PieceReader | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_reader", PieceReader.of(self.cleaner, self.vectorizer))

    def words(self, text: str) -> list[str]:
        """Return what the network reads of ``text``: its words in order, cut at its length."""
        if self.cleaner is not None:
            # Only as many words are lemmatized as are read.
            read = islice(self.cleaner.words(text), self.vectorizer.most_words)
            text = " ".join(read)
        return self.vectorizer.words(text)

    def ids(self, texts: Sequence[str]) -> npt.NDArray[Any]:
        """Return the ids of each text: (texts, length); those of its ``words``, found faster."""
        if self._reader is None:
            return self.vectorizer.ids([self.words(text) for text in texts])
        return self._reader.ids(texts)
