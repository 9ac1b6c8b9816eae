"""From labelled texts to the base data of a bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

import numpy as np

from classifier.base import BaseData, padded_by
from classifier.errors import BundleMismatch
from classifier.network import Array
from classifier.text import TextPipeline
from classifier.training.dataset import Row


def base_of(
    text: TextPipeline,
    rows: Sequence[Row],
    reference: Sequence[bool] | Array,
    *,
    features: Mapping[str, Array] | None = None,
) -> BaseData:
    """Return ``rows`` as a bundle carries them to be retrained with.

    Args:
        text: the bundle's own.
        rows: labelled texts; those it learned from, and those it is measured on.
        reference: which of them are only measured on. Whoever makes a bundle sees to it that
            none of these is nearly the same as one that is learned from.
        features: further inputs of the network by name, one row a text.

    Raises:
        ModelError: if ``text`` gives no ids, or none that come back from storage the same.
    """
    found = text.ids([row.text for row in rows])
    kept = [np.trim_zeros(ids) for ids in found]  # padding is 0, in front or behind
    if not np.array_equal(padded_by(text)([ids.tolist() for ids in kept]), found):
        raise BundleMismatch("base: ids", "rows padded with 0", "others")
    return BaseData(
        ids=np.concatenate([np.zeros(0, dtype=np.int64), *kept]),
        offsets=np.array([0, *accumulate(map(len, kept))]),
        labels=np.array([row.label for row in rows], dtype=np.uint8),
        reference=np.asarray(reference, dtype=np.uint8),
        features=features or {},
    )
