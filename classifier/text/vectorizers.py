"""What every vectorizer can do: words → the numbers that a network reads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from classifier.errors import BundleMismatch

MOST_IDS = 1 << 16
"""Of one text: rows are padded to their full length, and hundreds of them run at once."""


class Vectorizer(Protocol):
    """The last step of a text before the network."""

    @property
    def vocabulary(self) -> Collection[str]:
        """The words, or terms, that it knows."""

    @property
    def length(self) -> int | None:
        """How many numbers a row has; None: the longest row of a batch decides."""

    @property
    def id_count(self) -> int | None:
        """One more than the largest id it gives; None: it gives weights, not ids."""

    @property
    def most_words(self) -> int | None:
        """After how many words of a cleaned text nothing more is read; None: all count."""

    def words(self, text: str) -> list[str]:
        """Return the words of ``text`` that are read, in order."""

    def ids(self, rows: Sequence[Sequence[str]]) -> npt.NDArray[Any]:
        """Return the numbers of each row of words: (rows, length)."""


@runtime_checkable
class PieceVectorizer(Vectorizer, Protocol):
    """One that may read a cleaned text piece by piece, as no word reaches over white space."""

    @property
    def by_piece(self) -> bool:
        """Whether it may, with the settings it has."""

    @property
    def most_ids(self) -> int | None:
        """After how many ids of a text nothing more is read; None: all count."""

    def look_up(self, words: Sequence[str]) -> tuple[int, ...]:
        """Return the id of each word that is not left out."""

    def padded(self, rows: Sequence[Sequence[int]]) -> npt.NDArray[np.int64]:
        """Return the ids of each text, cut and padded: (rows, length)."""


def expect_length(length: int | None) -> None:
    """See that rows of ``length`` ids can be made.

    Raises:
        BundleMismatch: if they cannot.
    """
    if length is not None and not 1 <= length <= MOST_IDS:
        raise BundleMismatch("length", f"1 to {MOST_IDS}", length)


def longest(rows: Sequence[Sequence[object]]) -> int:
    """Return the length of the longest of ``rows``, and at least 1: no network reads nothing."""
    return max((len(row) for row in rows), default=0) or 1


def filled(rows: int, length: int, value: int) -> npt.NDArray[np.int64]:
    """Return ids (rows, length), all of them ``value``."""
    return np.full((rows, length), value, dtype=np.int64)
