"""The texts of the last days in memory: which of them may be the same, or on the same event.

Each text is a row of a few arrays; two hash tables find the few rows worth looking at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.kinship import story
from bot.kinship.buckets import Buckets, Keys, Rows
from bot.kinship.signature import Signature
from bot.kinship.sketch import BANDS, bands, resemblance
from bot.kinship.sketch import SIZE as SKETCH_SIZE
from bot.kinship.story import Rarity, Terms, likeness, weights

WINDOW = timedelta(days=4)
"""A text is compared with those first seen so long before it: a day more than news stays new."""

MOST_TEXTS = 200_000
"""If more come in that time, the oldest are forgotten."""

_RESEMBLING = 0.2
_MOST_REPRINTS = 8
_MOST_BAND_ROWS = 30
_MARKS = 16
"""Heaviest words of a text, under which it is found."""

_MOST_MARK_ROWS = 40
_FEWEST_SHARED = 2
_COMPARED = 60
_MOST_LINKS = 10
_DAY = 86_400.0
_FIRST_CAPACITY = 1024
# From so many on it is faster to index all texts anew than these one by one.
_FEW = 1000


@dataclass(frozen=True, slots=True)
class Trace:
    """An item as far as it is compared.

    Attributes:
        place: its place in the order in which items came to be compared.
        source: where it was first seen.
        at: when it was first seen.
    """

    place: int
    item_id: int
    source: str
    at: datetime
    signature: Signature


class Recent:
    """The texts of the last days, in the order of their places.

    A text is compared with those that have an earlier place, so that of two
    equal ones the same is the first in every process and after every restart.
    """

    def __init__(self) -> None:
        self._sources: dict[str, int] = {}
        self._reserve(_FIRST_CAPACITY)

    def __len__(self) -> int:
        return self._count

    @property
    def nbytes(self) -> int:
        """Bytes of memory that the arrays take."""
        tables = (self._by_phrases.nbytes, self._by_marks.nbytes, self._rarity.nbytes)
        return sum(column.nbytes for column in self._columns()) + sum(tables)

    def extend(self, traces: Sequence[Trace]) -> None:
        """Take texts in, in the order of their places, which come after all others."""
        if len(traces) < max(_FEW, self._count // 10):
            for trace in traces:
                self._add(trace)
        elif traces:
            self._make_room(traces[-1].at, len(traces))
            for trace in traces[-len(self._places) + self._count :]:
                self._write(trace)
            self._index()

    def _add(self, trace: Trace) -> None:
        if self._count == len(self._places):
            self._make_room(trace.at, 1)
            self._index()
        row, signature = self._write(trace), trace.signature
        self._rarity.count(signature.terms.ids)
        self._by_marks.add(row, self._marks(signature.terms))
        if self._long[row]:
            self._by_phrases.add(row, bands(signature.sketch)[0])

    def _write(self, trace: Trace) -> int:
        row, sketch, terms = self._count, trace.signature.sketch, trace.signature.terms
        self._count += 1
        self._places[row], self._items[row] = trace.place, trace.item_id
        self._moments[row] = trace.at.timestamp()
        self._origins[row] = self._sources.setdefault(trace.source, len(self._sources))
        self._ids[row, : len(terms.ids)] = terms.ids
        self._codes[row, : len(terms.codes)] = terms.codes
        self._long[row] = len(sketch) > 0
        if len(sketch):
            self._sketches[row] = sketch
        return row

    def find_alike(self, trace: Trace) -> list[int]:
        """Return the ids of earlier items that may be the same text, the likeliest first."""
        own = trace.signature.sketch
        if not len(own):
            return []
        near = np.unique(self._by_phrases.find(bands(own)[0], _MOST_BAND_ROWS))
        rows = near[self._precede(near, trace)]
        found = resemblance(own, self._sketches[rows])
        order = np.argsort(-found, kind="stable")[:_MOST_REPRINTS]
        order = order[found[order] >= _RESEMBLING]
        return [int(item_id) for item_id in self._items[rows[order]]]

    def find_story(self, trace: Trace) -> list[tuple[int, float]]:
        """Return earlier items of other sources on the same event, with their likeness.

        The likeliest come first.
        """
        terms = trace.signature.terms
        if len(terms.ids) < story.FEWEST:
            return []
        near = self._by_marks.find(self._marks(terms), _MOST_MARK_ROWS)
        near = near[self._precede(near, trace)]
        near = near[self._origins[near] != self._sources.get(trace.source, -1)]
        rows, shared = np.unique(near, return_counts=True)
        rows = rows[np.argsort(-shared, kind="stable")][: (shared >= _FEWEST_SHARED).sum()]
        rows = rows[:_COMPARED]
        found = likeness(terms, self._ids[rows], self._codes[rows], self._rarity)
        lasting = found - story.FADING * (trace.at.timestamp() - self._moments[rows]) / _DAY
        order = np.argsort(-lasting, kind="stable")[:_MOST_LINKS]
        order = order[lasting[order] >= story.SAME]
        items = self._items[rows[order]]
        return [(int(item), float(like)) for item, like in zip(items, found[order], strict=True)]

    def _precede(self, rows: Rows, trace: Trace) -> npt.NDArray[np.bool_]:
        since = (trace.at - WINDOW).timestamp()
        earlier: npt.NDArray[np.bool_] = self._places[rows] < trace.place
        return earlier & (self._moments[rows] >= since)

    def _marks(self, terms: Terms) -> Keys:
        heaviest = np.argsort(-weights(terms.ids, terms.codes, self._rarity), kind="stable")
        return terms.ids[heaviest[:_MARKS]].astype(np.uint64)

    def _reserve(self, capacity: int) -> None:
        self._count = 0
        self._places = np.zeros(capacity, dtype=np.int64)
        self._items = np.zeros(capacity, dtype=np.int64)
        self._moments = np.zeros(capacity, dtype=np.float64)
        self._origins = np.zeros(capacity, dtype=np.int32)
        self._long = np.zeros(capacity, dtype=np.bool_)
        self._sketches = np.zeros((capacity, SKETCH_SIZE), dtype=np.uint32)
        self._ids = np.zeros((capacity, story.SIZE), dtype=np.uint32)
        self._codes = np.zeros((capacity, story.SIZE), dtype=np.uint8)
        self._by_phrases = Buckets(capacity, BANDS)
        self._by_marks = Buckets(capacity, _MARKS)
        self._rarity = Rarity()

    def _columns(self) -> list[npt.NDArray[Any]]:
        facts: list[npt.NDArray[Any]] = [self._places, self._items, self._moments, self._origins]
        return [*facts, self._long, self._sketches, self._ids, self._codes]

    def _make_room(self, now: datetime, more: int) -> None:
        """Forget what is past, and take a quarter more room than is needed; to be indexed anew."""
        kept = np.flatnonzero(self._moments[: self._count] >= (now - WINDOW).timestamp())
        kept = kept[max(len(kept) + more - MOST_TEXTS * 3 // 4, 0) :]
        before = self._columns()
        needed = (len(kept) + more) * 5 // 4
        self._reserve(min(max(needed, _FIRST_CAPACITY), MOST_TEXTS))
        for column, old in zip(self._columns(), before, strict=True):
            column[: len(kept)] = old[kept]
        self._count = len(kept)

    def _index(self) -> None:
        rows = np.arange(self._count)
        self._rarity.count_all(self._ids[rows], self._codes[rows])
        heavy = weights(self._ids[rows], self._codes[rows], self._rarity)
        marks = np.argpartition(-heavy, _MARKS, axis=1)[:, :_MARKS]
        keys = np.take_along_axis(self._ids[rows], marks, axis=1).astype(np.uint64)
        self._by_marks.fill(rows, keys)
        long = np.flatnonzero(self._long[rows])
        self._by_phrases.fill(long, bands(self._sketches[long]))
