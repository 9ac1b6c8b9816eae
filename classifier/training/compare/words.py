"""Texts as counts of words or of pieces of them, weighed by TF-IDF."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import Any

from classifier.errors import ModelError
from classifier.training.cleaner import CLEANER
from classifier.training.compare.candidate import Part
from classifier.training.compare.features import Reader
from classifier.training.extras import bring

LEMMAS, PIECES = 20_000, 50_000
"""How many of them are counted at most."""

_SKLEARN = "sklearn.feature_extraction.text"


def lemmas(text: str) -> list[str]:
    """Return the words of ``text`` as the project's cleaner writes them, marks among them."""
    return list(CLEANER.words(text))


def without_markup(text: str) -> str:
    """Return ``text`` in lower case without tags and control characters."""
    return CLEANER.clean(text).lower()


@dataclass(frozen=True, slots=True)
class TfIdfOfLemmas:
    """TF-IDF of the most frequent lemmas."""

    key: str = "tfidf"
    name: str = "TF-IDF"

    def load(self) -> None:
        """Import scikit-learn."""
        bring(_SKLEARN, "train")

    def learn(self, part: Part) -> Reader:
        """Choose and weigh the lemmas of the texts in ``part``."""
        return _learned(_counter(analyzer=lemmas, max_features=LEMMAS), part)


@dataclass(frozen=True, slots=True)
class TfIdfOfPieces:
    """TF-IDF of the most frequent pieces of words, 2 to 5 characters long."""

    key: str = "pieces"
    name: str = "TF-IDF of 2–5 characters"

    def load(self) -> None:
        """Import scikit-learn."""
        bring(_SKLEARN, "train")

    def learn(self, part: Part) -> Reader:
        """Choose and weigh the pieces in the texts of ``part``."""
        settings = {"analyzer": "char_wb", "ngram_range": (2, 5), "sublinear_tf": True}
        counter = _counter(**settings, preprocessor=without_markup, max_features=PIECES)
        return _learned(counter, part)


def _counter(**settings: Any) -> Any:
    return bring(_SKLEARN, "train").TfidfVectorizer(**settings)


def _learned(counter: Any, part: Part) -> Reader:
    try:
        counter.fit(part.texts)
    except ValueError as error:  # scikit-learn's "empty vocabulary"
        raise ModelError("no words to learn from") from error
    return Reader(lambda asked: counter.transform(asked.texts), len(pickle.dumps(counter)))
