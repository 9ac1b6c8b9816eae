"""Which rows are learned from together."""

from __future__ import annotations

import numpy as np

from classifier.network import Array

_DRAWN_TOGETHER = 16
"""Batches' worth of rows, drawn by chance, that are dealt by their lengths."""


def alike(lengths: Array, size: int, random: np.random.Generator) -> list[Array]:
    """Return the indexes of all rows in batches of about the same length each, in no order.

    A batch takes the time of its longest row for each. Rows are drawn by chance first and
    sorted only among those drawn together, so that the batches are others each time.

    Args:
        lengths: (rows,).
        size: rows to a batch; some have fewer.
        random: what chance is drawn from.
    """
    order = random.permutation(len(lengths))
    drawn = np.split(order, range(size * _DRAWN_TOGETHER, len(order), size * _DRAWN_TOGETHER))
    batches: list[Array] = []
    for rows in drawn:
        dealt = rows[np.argsort(lengths[rows], kind="stable")]
        batches += np.split(dealt, range(size, len(dealt), size))
    return [batches[place] for place in random.permutation(len(batches))]
