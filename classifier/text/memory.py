"""A memory of what pieces of text become, so that no word is read twice.

Once its markup is gone, a text can be cleaned piece by piece, a piece being what stands
between white space: no step of the cleaner looks beyond it. So the ids of a piece are the
same in every text, and most pieces of a text have been met before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

import numpy as np
import numpy.typing as npt

from classifier.text.clean import Cleaner, without_markup
from classifier.text.vectorizers import PieceVectorizer, Vectorizer

REMEMBERED_PIECES = 1 << 18
"""About 45 MB when full; half as many again as the first hundred words of 20,000 posts have."""

_LONGEST_PIECE = 40
_Ids = tuple[int, ...]


class PieceReader:
    """Texts → ids: those of the plain way through cleaner and vectorizer, found faster."""

    def __init__(self, cleaner: Cleaner, vectorizer: PieceVectorizer) -> None:
        self._markup = cleaner.markup
        self._cleaner = replace(cleaner, markup=False)
        self._vectorizer = vectorizer
        self._memory = PieceMemory(self._read, vectorizer.most_ids)

    @classmethod
    def of(cls, cleaner: Cleaner | None, vectorizer: Vectorizer) -> PieceReader | None:
        """Return a reader, or None if nothing is cleaned or words may reach over white space."""
        if cleaner is None or not isinstance(vectorizer, PieceVectorizer):
            return None
        return cls(cleaner, vectorizer) if vectorizer.by_piece else None

    def ids(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the ids of each text: (texts, length)."""
        plain = map(without_markup, texts) if self._markup else texts
        return self._vectorizer.padded([self._memory.ids(text) for text in plain])

    def _read(self, piece: str) -> _Ids:
        # A piece may be as long as a text: no more words of it are cleaned than are read.
        cleaned = " ".join(islice(self._cleaner.words(piece), self._vectorizer.most_words))
        return self._vectorizer.look_up(self._vectorizer.words(cleaned))


class PieceMemory:
    """Reads texts piece by piece, and remembers what it has read; any thread may use it."""

    def __init__(
        self, read: Callable[[str], _Ids], needed: int | None, room: int = REMEMBERED_PIECES
    ) -> None:
        """Remember what ``read`` makes of a piece.

        Args:
            read: a piece of text → the ids of its words.
            needed: how many ids of a text count, the first ones; None: all.
            room: for how many pieces.
        """
        self._known = _Known(read, room)
        self._needed = needed

    def ids(self, text: str) -> list[int]:
        """Return the ids of ``text``, no more than are needed; no more of it is read."""
        ids: list[int] = []
        for pieces in _batches(text, self._needed):
            left = None if self._needed is None else self._needed - len(ids)
            ids.extend(islice(chain.from_iterable(map(self._known.__getitem__, pieces)), left))
            if len(ids) == self._needed:
                break
        return ids


class _Known(dict[str, _Ids]):
    """Piece → ids. Full, it begins anew: that is soon made up, and to look up stays one step."""

    def __init__(self, read: Callable[[str], _Ids], room: int) -> None:
        super().__init__()
        self._read = read
        self._room = room

    def __missing__(self, piece: str) -> _Ids:
        ids = self._read(piece)
        if len(piece) <= _LONGEST_PIECE:  # what is longer will hardly come again
            if len(self) >= self._room:
                self.clear()
            self[piece] = ids
        return ids


def _batches(text: str, needed: int | None) -> Iterator[list[str]]:
    """Yield the pieces of ``text`` without splitting much more of it than is needed."""
    count = -1 if needed is None else needed
    while text:
        pieces = text.split(None, count)
        text = pieces.pop() if len(pieces) > count >= 0 else ""
        yield pieces
        count *= 2
