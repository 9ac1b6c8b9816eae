"""The words a network is to know: the most frequent ones of its texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from classifier.text import Cleaner
from classifier.text.text_vectorization import SPECIAL_WORDS


def most_frequent(texts: Iterable[str], cleaner: Cleaner, size: int) -> tuple[str, ...]:
    """Return padding, the unknown word and the most frequent words, the most frequent first.

    At most ``size`` in all; fewer if the texts do not hold as many.
    """
    counts = Counter(word for text in texts for word in cleaner.words(text))
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return (*SPECIAL_WORDS, *ranked[: size - len(SPECIAL_WORDS)])
