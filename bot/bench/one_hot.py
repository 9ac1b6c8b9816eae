"""The way to measure against: each word lemmatized anew, one-hot rows, a product a word.

It is how a Keras network is first carried over to numpy, layer by layer as the textbook
draws them: a word is a row of zeros with a single one, looking it up is a product with the
whole table. Its weights are arrays here, which is the kindest way to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from classifier import ModelBundle
from classifier.network import Array
from classifier.text import Cleaner
from classifier.text.lemmas import analyze
from classifier.text.text_vectorization import PADDING_ID, UNKNOWN_ID


@dataclass(frozen=True, eq=False, slots=True)
class OneHotNetwork:
    """Embedding, average, Dense relu, Dense sigmoid, one text at a time."""

    table: Array
    hidden_kernel: Array
    hidden_bias: Array
    score_kernel: Array
    score_bias: Array

    @classmethod
    def of(cls, bundle: ModelBundle) -> OneHotNetwork:
        """Return the network of ``bundle``, which must be one of these four layers."""
        tensors = bundle.network.tensors
        embedding, _, hidden, score = bundle.network.spec.layers
        return cls(
            tensors[embedding.weights["table"]],
            *(tensors[layer.weights[role]] for layer in (hidden, score) for role in _ROLES),
        )

    def score(self, ids: Sequence[int]) -> float:
        """Return the score of one text."""
        words = [np.dot(row, self.table) for row in self._one_hot(ids)]
        average = np.mean(np.array(words), axis=0)
        hidden = np.dot(average, self.hidden_kernel) + self.hidden_bias
        logit = np.dot(hidden * (hidden > 0), self.score_kernel) + self.score_bias
        return float(1 / (1 + np.exp(-logit[0])))

    def _one_hot(self, ids: Sequence[int]) -> Array:
        rows = []
        for word in ids:
            row = [0] * len(self.table)
            row[word] = 1
            rows.append(row)
        return np.array(rows)


_ROLES = ("kernel", "bias")


@dataclass(frozen=True, eq=False, slots=True)
class OneHotWay:
    """Raw text → score, nothing remembered, all of the text read."""

    network: OneHotNetwork
    cleaner: Cleaner
    vocabulary: Mapping[str, int]
    length: int
    yo: bool

    @classmethod
    def of(cls, bundle: ModelBundle) -> OneHotWay:
        """Return the way of ``bundle``, whose text part must have a cleaner and a length."""
        text = bundle.text
        if text is None or text.cleaner is None or text.vectorizer.length is None:
            raise ValueError(f"model {bundle.name!r} does not read raw texts of one length")
        words = enumerate(text.vectorizer.vocabulary)
        return cls(
            OneHotNetwork.of(bundle),
            replace(text.cleaner, lemmas=False, yo=False),
            {word: number for number, word in words},
            text.vectorizer.length,
            text.cleaner.yo,
        )

    def score(self, text: str) -> float:
        """Return the score of one text."""
        lemmas = [analyze(word) for word in self.cleaner.words(text)]
        if self.yo:
            lemmas = [word.replace("ё", "е") for word in lemmas]
        ids = [self.vocabulary.get(word, UNKNOWN_ID) for word in lemmas[: self.length]]
        return self.network.score(ids + [PADDING_ID] * (self.length - len(ids)))
