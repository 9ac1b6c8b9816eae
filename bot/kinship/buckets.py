"""A hash table of rows in two arrays: each row stands under several keys."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]

_NOBODY = -1


class Buckets:
    """Rows by their keys.

    Every bucket is a chain from its newest row back to its oldest. Keys that fall
    into one bucket by chance are not told apart: whoever asks compares the rows.

    Args:
        capacity: how many rows there may be.
        width: how many keys a row has at most.
    """

    def __init__(self, capacity: int, width: int) -> None:
        # About as many as there may be keys: a power of two, of which keys have the last bits.
        buckets = 1 << (capacity * width).bit_length() - 1
        self._width = width
        self._mask = np.uint64(buckets - 1)
        self._newest = np.full(buckets, _NOBODY, dtype=np.int32)
        self._before = np.full(capacity * width, _NOBODY, dtype=np.int32)

    @property
    def nbytes(self) -> int:
        """Bytes of memory that the table takes."""
        return self._newest.nbytes + self._before.nbytes

    def add(self, row: int, keys: Keys) -> None:
        """Put ``row`` under its ``keys``; rows come in ascending order."""
        buckets = keys & self._mask
        links = np.arange(row * self._width, row * self._width + len(keys), dtype=np.int32)
        self._before[links] = self._newest[buckets]
        self._newest[buckets] = links

    def fill(self, rows: Rows, keys: Keys) -> None:
        """Put many rows, in ascending order, under their keys: all at once into an empty table.

        Args:
            rows: the rows.
            keys: of each as many, at most as a row has.
        """
        buckets = (keys & self._mask).ravel().astype(np.int32)
        links = (rows[:, None] * self._width + np.arange(keys.shape[1])).ravel().astype(np.int32)
        order = np.argsort(buckets, kind="stable")
        buckets, links = buckets[order], links[order]
        follows = buckets[1:] == buckets[:-1]
        self._before[links[1:][follows]] = links[:-1][follows]
        # Of several links of one bucket the last one written stays.
        self._newest[buckets] = links

    def find(self, keys: Keys, most: int) -> Rows:
        """Return the rows under each of ``keys``, of each the ``most`` newest, with repetition."""
        links = self._newest[keys & self._mask]
        found = []
        for _ in range(most):
            links = links[links != _NOBODY]
            if not len(links):
                break
            found.append(links)
            links = self._before[links]
        every = np.concatenate(found) if found else links[:0]
        return (every // self._width).astype(np.int64)
