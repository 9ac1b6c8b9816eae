"""Which forms and lemmas the student knows: the most frequent ones of all texts it learns from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, repeat

from classifier.text import Cleaner
from classifier.text.clean import Keep
from classifier.text.lemmas import dictionary_lemma, lemma
from classifier.text.word_forms import LEMMA_MARK, SPECIAL_FORMS, WordForms

CLEANER = Cleaner(
    addresses=Keep.MARK,
    look_alikes=True,
    lower=False,
    lemmas=False,
    marks=True,
    numbers=Keep.MARK,
)
LENGTH = 120
ENTRIES = 40_000
PIECES = (2, 3, 4, 5)
RARE_FORM, RARE_LEMMA = 10, 2
"""Forms seen less often are known by their lemma alone; lemmas seen less often, not at all."""


def choose_vocabulary(
    texts: Iterable[str], more: Iterable[str] = (), *, entries: int = ENTRIES
) -> WordForms:
    """Return the vocabulary of the most frequent forms and lemmas in the openings of texts.

    Args:
        texts: those like which most are that will be read; each counts three times.
        more: others.
        entries: at most so many.
    """
    vectorizer = WordForms(SPECIAL_FORMS, LENGTH)
    counts: Counter[str] = Counter()
    for text, times in chain(zip(texts, repeat(3)), zip(more, repeat(1))):
        cleaned = " ".join(CLEANER.words(text))
        counts.update({word: times * n for word, n in _words(vectorizer, cleaned).items()})
    candidates = _candidates(counts)
    ranked = sorted(candidates, key=lambda entry: (-candidates[entry], entry))
    return WordForms((*SPECIAL_FORMS, *ranked[: entries - len(SPECIAL_FORMS)]), LENGTH)


def _words(vectorizer: WordForms, cleaned: str) -> Counter[str]:
    return Counter(word.lower() for word in vectorizer.words(cleaned))


def _candidates(counts: Counter[str]) -> Counter[str]:
    """Count forms, and lemmas, once for every occurrence."""
    lemmas: Counter[str] = Counter()
    for form, number in counts.items():
        if (found := dictionary_lemma(form)) is not None:
            lemmas[LEMMA_MARK + found.replace("ё", "е")] += number
    frequent = {form: n for form, n in counts.items() if n >= RARE_FORM}
    known = {entry: n for entry, n in lemmas.items() if n >= RARE_LEMMA}
    return Counter({**known, **frequent})


def spelt(entry: str) -> str:
    """Return how the word of an entry is spelt; what stands for no word gives nothing."""
    return "" if entry in SPECIAL_FORMS else entry.removeprefix(LEMMA_MARK)


def letter_pieces(vocabulary: Sequence[str]) -> list[tuple[str, ...]]:
    """Return what each entry's word is made of: 2 to 5 letters in a row, and its lemma."""
    return [_pieces(spelt(entry)) for entry in vocabulary]


def _pieces(word: str) -> tuple[str, ...]:
    if not word:
        return ()
    framed = f" {word} "
    letters = [framed[i : i + n] for n in PIECES for i in range(len(framed) - n + 1)]
    return (*letters, LEMMA_MARK + lemma(word))
