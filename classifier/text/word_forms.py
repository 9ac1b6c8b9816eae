"""The vectorizer of the default model: a word is looked up as it stands, then ever more loosely.

``Новости`` → ``новости`` → the lemma ``новость`` → one entry for all words of ASCII alone,
as those in Latin letters are, and one for all others. So a vocabulary of forms that are
frequent needs no entry for those that are rare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import numpy.typing as npt

from classifier.errors import BundleMismatch
from classifier.text.lemmas import lemma
from classifier.text.vectorizers import expect_length, filled

PADDING_ID, UNKNOWN_ID, LATIN_ID = 0, 1, 2
SPECIAL_FORMS = ("", "[UNK]", "[LATIN]")
LEMMA_MARK = "~"
"""Opens the entries that stand for all other forms of a lemma."""


@dataclass(frozen=True, slots=True)
class WordForms:
    """A vocabulary of forms and lemmas.

    Attributes:
        vocabulary: entries in id order, opening with ``SPECIAL_FORMS``; those of lemmas, in
            lower case and without ``ё``, open with ``LEMMA_MARK``.
        length: ids a row: longer texts are cut, shorter ones padded, at the end.

    Raises:
        BundleMismatch: if the vocabulary does not open so, or has an entry twice, or rows of
            such a length cannot be made.
    """

    vocabulary: tuple[str, ...]
    length: int
    _ids: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        expect_length(self.length)
        opening = self.vocabulary[: len(SPECIAL_FORMS)]
        if opening != SPECIAL_FORMS:
            raise BundleMismatch("vocabulary", list(SPECIAL_FORMS), list(opening))
        ids = {entry: i for i, entry in enumerate(self.vocabulary)}
        if len(ids) != len(self.vocabulary):
            twice = next(entry for i, entry in enumerate(self.vocabulary) if ids[entry] != i)
            raise BundleMismatch("vocabulary", "every entry once", f"{twice!r} twice")
        object.__setattr__(self, "_ids", ids)

    @property
    def id_count(self) -> int:
        """One more than the largest id."""
        return len(self.vocabulary)

    @property
    def most_words(self) -> int:
        """As many as a row has."""
        return self.length

    @property
    def most_ids(self) -> int:
        """As many as a row has."""
        return self.length

    @property
    def by_piece(self) -> bool:
        """True: words end at white space."""
        return True

    def words(self, text: str) -> list[str]:
        """Return the words of ``text`` that are looked up, at most ``length`` of them."""
        return list(islice(text.split(), self.length))

    def ids(self, rows: Sequence[Sequence[str]]) -> npt.NDArray[np.int64]:
        """Return the ids of each row of words: (rows, length), padded at the end."""
        return self.padded([self.look_up(row) for row in rows])

    def look_up(self, words: Sequence[str]) -> tuple[int, ...]:
        """Return the id of each word."""
        return tuple([self._ids[found] for found in map(self.entry, words)])

    def entry(self, word: str) -> str:
        """Return the entry of the vocabulary that stands for ``word``."""
        lower = word.lower()
        for form in (word, lower):
            if form in self._ids and _is_form(form):
                return form
        if (marked := LEMMA_MARK + lemma(lower).replace("ё", "е")) in self._ids:
            return marked
        return SPECIAL_FORMS[LATIN_ID if word.isascii() else UNKNOWN_ID]

    def padded(self, rows: Sequence[Sequence[int]]) -> npt.NDArray[np.int64]:
        """Return rows of ids as one array: (rows, length), cut and padded at the end."""
        ids = filled(len(rows), self.length, PADDING_ID)
        for line, row in zip(ids, rows, strict=True):
            line[: len(row)] = row[: self.length]
        return ids


def _is_form(entry: str) -> bool:
    """Whether it stands for itself: no text can name the others."""
    return not entry.startswith(LEMMA_MARK) and entry not in SPECIAL_FORMS
