from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kinship.buckets import Buckets

WIDTH, ROOM = 3, 10
BUCKETS = 16
"""For so many keys there are so many buckets."""

ROWS = st.lists(st.lists(st.integers(0, 40), min_size=WIDTH, max_size=WIDTH), max_size=ROOM)


def oracle(rows: list[list[int]], key: int) -> list[int]:
    """The rows in the bucket of ``key``, the newest first."""
    buckets: dict[int, list[int]] = defaultdict(list)
    for row, keys in enumerate(rows):
        for its in keys:
            buckets[its % BUCKETS].append(row)
    return buckets[key % BUCKETS][::-1]


def found(table: Buckets, key: int, most: int = 1000) -> set[int]:
    return set(table.find(np.array([key], dtype=np.uint64), most).tolist())


@settings(deadline=None)
@given(ROWS, st.integers(0, 40))
def test_rows_are_found_under_their_keys_however_they_came_in(
    rows: list[list[int]], key: int
) -> None:
    keys = np.array(rows, dtype=np.uint64).reshape(-1, WIDTH)
    one_by_one, half, at_once = (Buckets(ROOM, WIDTH) for _ in range(3))
    for row, its in enumerate(keys):
        one_by_one.add(row, np.unique(its % np.uint64(BUCKETS)))
    at_once.fill(np.arange(len(keys)), keys)
    half.fill(np.arange(len(keys) // 2), keys[: len(keys) // 2])
    for row in range(len(keys) // 2, len(keys)):
        half.add(row, np.unique(keys[row] % np.uint64(BUCKETS)))
    expected = set(oracle(rows, key))
    assert found(one_by_one, key) == found(at_once, key) == found(half, key) == expected


def test_of_many_rows_the_newest_are_found() -> None:
    table = Buckets(100, 1)
    for row in range(100):
        table.add(row, np.array([7], dtype=np.uint64))
    assert found(table, 7, most=5) == {95, 96, 97, 98, 99}
