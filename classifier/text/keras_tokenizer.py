"""The vectorizer of Keras's ``Tokenizer`` and ``pad_sequences``: words → ids.

A text is lowered, every filtered character becomes the split, and what stands
between two splits is a word; by characters it is only lowered. A word that is
not known, or whose id is ``num_words`` or above, is read as the unknown word if
there is one, and left out otherwise. Short rows are padded and long rows are
cut at the front, unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import numpy.typing as npt

from classifier.errors import BundleMismatch
from classifier.text.vectorizers import expect_length, filled, longest

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'


class Side(str, Enum):
    """Where a row is padded or cut: at its front or at its end."""

    PRE = "pre"
    POST = "post"


@dataclass(frozen=True, slots=True)
class KerasTokenizer:
    """A dictionary of words and the rules by which a text is looked up in it.

    Attributes:
        word_index: word → id.
        length: ids a row (``maxlen``), or None: the longest row of the batch decides.
        unknown: id of every unknown word; None: they are left out.
        num_words: words with this id or above are unknown; None: all are known.
        filters: characters that separate words as ``split`` does.
        lower: lower-case, of every script.
        split: what stands between two words.
        char_level: every character is a word; nothing is filtered.
        padding: where short rows are filled up.
        truncating: where long rows are cut.
        value: the id that fills them up.

    Raises:
        BundleMismatch: if there is nothing to split at, or rows of such a length cannot be made.
    """

    word_index: Mapping[str, int]
    length: int | None = None
    unknown: int | None = None
    num_words: int | None = None
    filters: str = FILTERS
    lower: bool = True
    split: str = " "
    char_level: bool = False
    padding: Side = Side.PRE
    truncating: Side = Side.PRE
    value: int = 0
    _separators: dict[int, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.split:
            raise BundleMismatch("split", "at least one character", "none")
        expect_length(self.length)
        separators = {ord(character): self.split for character in self.filters}
        object.__setattr__(self, "_separators", separators)

    @property
    def vocabulary(self) -> Collection[str]:
        """The words that have an id, those from ``num_words`` on among them."""
        return self.word_index.keys()

    @property
    def id_count(self) -> int:
        """One more than the largest id, be it of a word, the unknown one or the padding."""
        words = max(self.word_index.values(), default=0)
        if self.num_words:
            words = min(words, self.num_words - 1)
        return 1 + max(words, self.value, self.unknown or 0)

    @property
    def most_words(self) -> None:
        """All count: the last ones are read, or filters may still take some away."""
        return

    @property
    def most_ids(self) -> int | None:
        """As many as a row has, unless it is cut at the front."""
        return self.length if self.truncating is Side.POST else None

    @property
    def by_piece(self) -> bool:
        """True, unless words may hold white space, or nothing else is a word."""
        return self.split == " " and not self.char_level

    def words(self, text: str) -> list[str]:
        """Return the words of ``text`` that are read: at most ``length``, none left out."""
        read = [word for word in self._split(text) if self._id(word) is not None]
        return read[self._kept()]

    def ids(self, rows: Sequence[Sequence[str]]) -> npt.NDArray[np.int64]:
        """Return the ids of each row of words: (rows, length)."""
        return self.padded([self.look_up(row) for row in rows])

    def look_up(self, words: Sequence[str]) -> tuple[int, ...]:
        """Return the id of each word that is not left out."""
        found = map(self._id, words)
        return tuple([known for known in found if known is not None])

    def padded(self, rows: Sequence[Sequence[int]]) -> npt.NDArray[np.int64]:
        """Return rows of ids as one array: (rows, length), as ``pad_sequences`` does."""
        length = longest(rows) if self.length is None else self.length
        ids = filled(len(rows), length, self.value)
        for line, row in zip(ids, rows, strict=True):
            if kept := row[self._kept()]:
                line[self._filled(len(kept))] = kept
        return ids

    def _split(self, text: str) -> Sequence[str]:
        if self.lower:
            text = text.lower()
        if self.char_level:
            return text
        return [word for word in text.translate(self._separators).split(self.split) if word]

    def _id(self, word: str) -> int | None:
        found = self.word_index.get(word)
        # Keras takes num_words = 0 for none
        if found is None or (self.num_words and found >= self.num_words):
            return self.unknown
        return found

    def _kept(self) -> slice:
        if self.length is None:
            return slice(None)
        return slice(-self.length, None) if self.truncating is Side.PRE else slice(self.length)

    def _filled(self, count: int) -> slice:
        return slice(-count, None) if self.padding is Side.PRE else slice(count)
