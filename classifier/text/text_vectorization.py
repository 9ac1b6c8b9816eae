"""The vectorizer that Keras has as a layer: words → ids.

Semantics of ``TextVectorization``: id 0 is padding, id 1 is any unknown word,
lower-casing touches ASCII letters only, punctuation is replaced by nothing,
words end at ASCII whitespace, long rows are cut and short rows padded at the end.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice

import numpy as np
import numpy.typing as npt

from classifier.errors import BundleMismatch
from classifier.text.vectorizers import expect_length, filled, longest

PADDING_ID = 0
UNKNOWN_ID = 1
SPECIAL_WORDS = ("", "[UNK]")

_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ASCII_WORD = re.compile(r"[^ \t\n\v\f\r]+")
_UNICODE_WORD = re.compile(r"\S+")


class Standardize(str, Enum):
    """What happens to a text before it is split."""

    NOTHING = "none"
    LOWER = "lower"
    STRIP_PUNCTUATION = "strip_punctuation"
    LOWER_AND_STRIP_PUNCTUATION = "lower_and_strip_punctuation"


class Split(str, Enum):
    """Where words end: at ASCII whitespace as in Keras, or at any, as ``str.split`` does."""

    ASCII = "ascii"
    UNICODE = "unicode"


@dataclass(frozen=True, slots=True)
class TextVectorization:
    """A vocabulary and the rules by which a text is looked up in it.

    Attributes:
        vocabulary: the words in id order, opening with ``""`` and ``"[UNK]"``.
        length: ids a row, or None: the longest row of the batch decides.

    Raises:
        BundleMismatch: if the vocabulary does not open so, or has a word twice, or rows of
            such a length cannot be made.
    """

    vocabulary: tuple[str, ...]
    length: int | None = None
    standardize: Standardize = Standardize.NOTHING
    split: Split = Split.ASCII
    _ids: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        expect_length(self.length)
        if self.vocabulary[:2] != SPECIAL_WORDS:
            raise BundleMismatch("vocabulary", list(SPECIAL_WORDS), list(self.vocabulary[:2]))
        ids = {word: i for i, word in enumerate(self.vocabulary)}
        if len(ids) != len(self.vocabulary):
            twice = next(word for i, word in enumerate(self.vocabulary) if ids[word] != i)
            raise BundleMismatch("vocabulary", "every word once", f"{twice!r} twice")
        object.__setattr__(self, "_ids", ids)

    @property
    def id_count(self) -> int:
        """One more than the largest id."""
        return len(self.vocabulary)

    @property
    def most_words(self) -> int | None:
        """As many as a row has, unless punctuation may still take some away."""
        return self.length if self.standardize is Standardize.NOTHING else None

    @property
    def most_ids(self) -> int | None:
        """As many as a row has."""
        return self.length

    @property
    def by_piece(self) -> bool:
        """True: words end at white space."""
        return True

    def words(self, text: str) -> list[str]:
        """Return the words of ``text`` that are looked up, at most ``length`` of them."""
        if self.standardize in (Standardize.LOWER, Standardize.LOWER_AND_STRIP_PUNCTUATION):
            text = text.translate(_ASCII_LOWER)
        if "strip_punctuation" in self.standardize.value:
            text = text.translate(_NO_PUNCTUATION)
        pattern = _ASCII_WORD if self.split is Split.ASCII else _UNICODE_WORD
        return [match.group() for match in islice(pattern.finditer(text), self.length)]

    def ids(self, rows: Sequence[Sequence[str]]) -> npt.NDArray[np.int64]:
        """Return the ids of each row of words: (rows, length), padded at the end."""
        return self.padded([self.look_up(row) for row in rows])

    def look_up(self, words: Sequence[str]) -> tuple[int, ...]:
        """Return the id of each word."""
        return tuple([self._ids.get(word, UNKNOWN_ID) for word in words])

    def padded(self, rows: Sequence[Sequence[int]]) -> npt.NDArray[np.int64]:
        """Return rows of ids as one array: (rows, length), cut and padded at the end."""
        length = longest(rows) if self.length is None else self.length
        ids = filled(len(rows), length, PADDING_ID)
        for line, row in zip(ids, rows, strict=True):
            line[: len(row)] = row[:length]
        return ids
