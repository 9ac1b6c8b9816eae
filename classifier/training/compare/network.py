"""The article's network, trained by Keras, with as large a vocabulary as is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from classifier.errors import ModelError
from classifier.text import TextPipeline, TextVectorization
from classifier.training import keras_network
from classifier.training.article_network import LENGTH
from classifier.training.cleaner import CLEANER
from classifier.training.compare.candidate import Lesson, Part, Scorer
from classifier.training.report import Numbers
from classifier.training.rows import Rows
from classifier.training.vocabulary import most_frequent


@dataclass(frozen=True, slots=True)
class ArticleNetwork:
    """A candidate: Embedding, average, two Dense; fitted by Keras, scored by numpy.

    Attributes:
        words: size of the vocabulary.
    """

    words: int

    @property
    def key(self) -> str:
        """The network and the size of its vocabulary."""
        return f"network-{self.words}"

    @property
    def name(self) -> str:
        """What it is, for people."""
        return f"the article's network, {self.words:,} words"

    def load(self) -> None:
        """Import Keras and PyTorch."""
        try:
            keras_network.import_keras()
        except ModelError as error:
            raise ModelError("needs newsieve[train]") from error

    def fit(self, lesson: Lesson) -> Scorer:
        """Train the network on the rows of the lesson."""
        vocabulary = most_frequent(map(CLEANER.words, lesson.part.texts), self.words)
        text = TextPipeline(CLEANER, TextVectorization(vocabulary, LENGTH))
        rows = Rows(
            {"ids": text.ids(lesson.part.texts)}, lesson.labels, np.ones(len(lesson.labels))
        )
        rows = replace(rows.take(lesson.order), weights=lesson.weights)
        model, _ = keras_network.fit_rows(
            keras_network.import_keras(), rows, words=len(vocabulary), seed=lesson.seed
        )
        network = keras_network.to_network(model)

        def score(part: Part) -> Numbers:
            return np.asarray(network(text.ids(part.texts)), dtype=np.float64)[:, 0]

        weights = sum(tensor.nbytes for tensor in network.tensors.values())
        return Scorer(score, weights + len("\n".join(vocabulary).encode()), self._notes(vocabulary))

    def _notes(self, vocabulary: tuple[str, ...]) -> tuple[str, ...]:
        if len(vocabulary) == self.words:
            return ()
        return (f"the texts have {len(vocabulary):,} words, {self.words:,} were asked for",)
