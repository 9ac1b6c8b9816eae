"""Which forms and lemmas the student knows: the most frequent ones of all texts it learns from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from classifier.text import Cleaner
from classifier.text.clean import Keep
from classifier.text.lemmas import lemma
from classifier.text.word_forms import LEMMA_MARK, SPECIAL_FORMS, WordForms

CLEANER = Cleaner(
    addresses=Keep.MARK,
    look_alikes=True,
    lower=False,
    lemmas=False,
    marks=True,
    numbers=Keep.MARK,
)
LENGTH = 100
ENTRIES = 40_000
PIECES = (2, 3, 4, 5)
_RARE = 4
"""Forms seen less often than this are known by their lemma alone."""


def choose_vocabulary(texts: Iterable[str], entries: int = ENTRIES) -> WordForms:
    """Return the vocabulary of the most frequent forms and lemmas in the ``texts``' openings."""
    vectorizer = WordForms(SPECIAL_FORMS, LENGTH)
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(vectorizer.words(" ".join(CLEANER.words(text))))
    candidates = _candidates(counts)
    ranked = sorted(candidates, key=lambda entry: (-candidates[entry], entry))
    return WordForms((*SPECIAL_FORMS, *ranked[: entries - len(SPECIAL_FORMS)]), LENGTH)


def _candidates(counts: Counter[str]) -> Counter[str]:
    """Count forms as they stand, in lower case, and by lemma; each once for every occurrence."""
    lower: Counter[str] = Counter()
    lemmas: Counter[str] = Counter()
    for form, number in counts.items():
        lower[form.lower()] += number
        lemmas[LEMMA_MARK + lemma(form.lower()).replace("ё", "е")] += number
    frequent = {form: n for form, n in (counts | lower).items() if n >= _RARE}
    known = {entry: n for entry, n in lemmas.items() if n >= _RARE - 1}
    return Counter({k: v for k, v in {**known, **frequent}.items() if k not in SPECIAL_FORMS})


class Shape(IntEnum):
    """How a word is written."""

    LOWER = 0
    TITLE = 1
    UPPER = 2

    @classmethod
    def of(cls, word: str) -> Shape:
        """Return the shape of ``word``; a single capital is a title."""
        if not word[:1].isupper():
            return cls.LOWER
        return cls.UPPER if len(word) > 1 and word.isupper() else cls.TITLE


@dataclass(frozen=True, eq=False, slots=True)
class Entries:
    """What the entries of a vocabulary have in common.

    Attributes:
        words: the distinct words, in lower case; entries that stand for no word among them.
        word_of: (entries,) number of the word that an entry is a way to write.
        shape_of: (entries,) its ``Shape``.
        pieces: of each entry: letters, word, lemma and shape.
    """

    words: tuple[str, ...]
    word_of: npt.NDArray[np.int64]
    shape_of: npt.NDArray[np.int64]
    pieces: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, vocabulary: Sequence[str]) -> Entries:
        """Take a vocabulary apart."""
        lower = [entry if entry in SPECIAL_FORMS else entry.lower() for entry in vocabulary]
        words = {word: i for i, word in enumerate(dict.fromkeys(lower))}
        return cls(
            tuple(words),
            np.array([words[word] for word in lower]),
            np.array([Shape.of(entry) for entry in vocabulary]),
            tuple(_pieces(entry) for entry in vocabulary),
        )


def spelt(word: str) -> str:
    """Return how the word of an entry is spelt; what stands for no word gives nothing."""
    return "" if word in SPECIAL_FORMS else word.removeprefix(LEMMA_MARK)


def _pieces(entry: str) -> tuple[str, ...]:
    if not (word := spelt(entry)):
        return ()
    framed = f" {word} "
    letters = [framed[i : i + n] for n in PIECES for i in range(len(framed) - n + 1)]
    lower = word.lower()
    return (*letters, f"={lower}", f"{LEMMA_MARK}{lemma(lower)}", f"^{Shape.of(word).name}")
