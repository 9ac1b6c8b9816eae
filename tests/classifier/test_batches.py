"""Rows of about the same length are learned from together."""

from __future__ import annotations

import numpy as np

from classifier.training.batches import alike

_LENGTHS = np.random.default_rng(4).integers(1, 120, 1000)


def test_every_row_is_dealt_once_and_no_batch_is_too_large() -> None:
    batches = alike(_LENGTHS, 32, np.random.default_rng(1))
    assert sorted(np.concatenate(batches)) == list(range(1000))
    assert max(map(len, batches)) == 32


def test_a_batch_is_hardly_longer_than_its_rows() -> None:
    batches = alike(_LENGTHS, 32, np.random.default_rng(1))
    paid = sum(len(rows) * _LENGTHS[rows].max() for rows in batches)
    assert paid < 1.1 * _LENGTHS.sum()
    by_chance = np.split(np.random.default_rng(1).permutation(1000), range(32, 1000, 32))
    assert sum(len(rows) * _LENGTHS[rows].max() for rows in by_chance) > 1.7 * _LENGTHS.sum()


def test_each_time_others_are_together_and_the_same_chance_deals_the_same() -> None:
    random = np.random.default_rng(1)
    first, second = (alike(_LENGTHS, 32, random) for _ in range(2))
    assert {tuple(rows) for rows in first}.isdisjoint(tuple(rows) for rows in second)
    again = alike(_LENGTHS, 32, np.random.default_rng(1))
    assert [list(rows) for rows in first] == [list(rows) for rows in again]
