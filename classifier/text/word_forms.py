"""The vectorizer of the default model: a word is looked up in lower case, then ever more loosely.

``новостей`` → the lemma ``новость``, if the dictionary has the word → one entry for all words
of ASCII alone, as those in Latin letters are, and one for all others. So a vocabulary of forms
that are frequent needs no entry for those that are rare. That a word opens with a capital, or is
written in capitals, is told by an entry of its own before it: so it is told of words that are not
known, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import numpy.typing as npt

from classifier.errors import BundleMismatch
from classifier.text.lemmas import dictionary_lemma
from classifier.text.vectorizers import expect_length, filled

PADDING_ID, UNKNOWN_ID, LATIN_ID, TITLE_ID, UPPER_ID = range(5)
SPECIAL_FORMS = ("", "[UNK]", "[LATIN]", "[TITLE]", "[UPPER]")
LEMMA_MARK = "~"
"""Opens the entries that stand for all other forms of a lemma."""


@dataclass(frozen=True, slots=True)
class WordForms:
    """A vocabulary of forms and lemmas.

    Attributes:
        vocabulary: entries in id order, opening with ``SPECIAL_FORMS``, all others in lower
            case; those of lemmas, without ``ё``, open with ``LEMMA_MARK``.
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
        """Return the words of ``text`` that are looked up: as many as fill a row of ids."""
        words: list[str] = []
        filled_ids = 0
        for word in islice(text.split(), self.length):
            if filled_ids >= self.length:
                break
            filled_ids += 1 if _capitals(word) is None else 2
            words.append(word)
        return words

    def ids(self, rows: Sequence[Sequence[str]]) -> npt.NDArray[np.int64]:
        """Return the ids of each row of words: (rows, length), padded at the end."""
        return self.padded([self.look_up(row) for row in rows])

    def look_up(self, words: Sequence[str]) -> tuple[int, ...]:
        """Return the id of each word, behind that of its capitals."""
        found: list[int] = []
        for word in words:
            if (capitals := _capitals(word)) is not None:
                found.append(capitals)
            found.append(self._ids[self.entry(word)])
        return tuple(found)

    def entry(self, word: str) -> str:
        """Return the entry of the vocabulary that stands for ``word``."""
        lower = word.lower()
        if lower in self._ids and _is_form(lower):
            return lower
        if (found := dictionary_lemma(lower)) is not None:
            marked = LEMMA_MARK + found.replace("ё", "е")
            if marked in self._ids:
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


def _capitals(word: str) -> int | None:
    """Return the entry for how ``word`` is written; a single capital opens a word."""
    if not word[:1].isupper():
        return None
    return UPPER_ID if len(word) > 1 and word.isupper() else TITLE_ID
