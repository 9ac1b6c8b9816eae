"""The words a network is to know: the most frequent ones of its texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from classifier.errors import ModelError
from classifier.text import TextPipeline, TextVectorization
from classifier.text.text_vectorization import SPECIAL_WORDS
from classifier.text.word_forms import WordForms
from classifier.training.distil.vocabulary import choose_vocabulary


def most_frequent(texts: Iterable[Iterable[str]], size: int) -> tuple[str, ...]:
    """Return padding, the unknown word and the most frequent words, the most frequent first.

    Args:
        texts: the words of each, as a cleaner writes them.
        size: at most so many in all; fewer if the texts do not hold as many.
    """
    counts = Counter(word for text in texts for word in text)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return (*SPECIAL_WORDS, *ranked[: size - len(SPECIAL_WORDS)])


def anew(text: TextPipeline, texts: Sequence[str]) -> TextPipeline:
    """Return ``text`` with the words of ``texts``, at most as many as it knows now.

    Raises:
        ModelError: if its vocabulary is of a kind that cannot be chosen here.
    """
    known = text.vectorizer
    if isinstance(known, WordForms):
        chosen = replace(
            known, vocabulary=choose_vocabulary(texts, entries=known.id_count).vocabulary
        )
        return replace(text, vectorizer=chosen)
    if isinstance(known, TextVectorization) and text.cleaner is not None:
        words = most_frequent(map(text.cleaner.words, texts), known.id_count)
        return replace(text, vectorizer=replace(known, vocabulary=words))
    raise ModelError(f"a vocabulary of the kind {type(known).__name__} cannot be chosen here")
