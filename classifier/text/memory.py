"""A memory of what pieces of text become, so that no word is read twice.

Once its markup is gone, a text can be cleaned piece by piece, a piece being what stands
between white space: no step of the cleaner looks beyond it. So the ids of a piece are the
same in every text, and most pieces of a text have been met before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice

REMEMBERED_PIECES = 1 << 17
"""About 40 MB when full; twice the different pieces of 5,000 articles' first hundred words."""

_LONGEST_PIECE = 40
_Ids = tuple[int, ...]


class PieceMemory:
    """Reads texts piece by piece, and remembers what it has read; any thread may use it."""

    def __init__(self, read: Callable[[str], _Ids], needed: int | None) -> None:
        """Remember what ``read`` makes of a piece.

        Args:
            read: a piece of text → the ids of its words.
            needed: how many ids of a text count, the first ones; None: all.
        """
        self._read = read
        self._remembered = lru_cache(maxsize=REMEMBERED_PIECES)(read)
        self._needed = needed

    def ids(self, text: str) -> list[int]:
        """Return the ids of ``text``, no more than are needed; no more of it is read."""
        return list(islice(self._ids(text), self._needed))

    def _ids(self, text: str) -> Iterator[int]:
        for piece in _pieces(text, self._needed):
            # What is long will hardly come again.
            known = len(piece) <= _LONGEST_PIECE
            yield from self._remembered(piece) if known else self._read(piece)


def _pieces(text: str, needed: int | None) -> Iterator[str]:
    """Yield the pieces of ``text`` without splitting much more of it than is needed."""
    count = -1 if needed is None else needed
    while text:
        pieces = text.split(None, count)
        text = pieces.pop() if len(pieces) > count >= 0 else ""
        yield from pieces
        count *= 2
