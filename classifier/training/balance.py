"""Bad rows are rarer than good ones: how they come to count as much."""

from __future__ import annotations

from enum import Enum

import numpy as np

from classifier.errors import ModelError
from classifier.network import Array


class Balance(Enum):
    """How the rarer class comes to count as much as the other."""

    UPSAMPLE = "upsample"
    """Its rows are drawn again until there are as many."""

    CLASS_WEIGHTS = "class-weights"
    """Its rows weigh more, the other's less."""

    NONE = "none"
    """It does not."""


def upsampled(labels: Array, random: np.random.Generator) -> Array:
    """Return the indexes of all rows, and of rows of the rarer class until both are as many.

    Args:
        labels: 0 to 1; a row above 0.5 is bad.
        random: what the further rows are drawn by.

    Raises:
        ModelError: if there is only one class.
    """
    bad = labels > 0.5
    rare, common = sorted((np.flatnonzero(~bad), np.flatnonzero(bad)), key=len)
    _expect_both(len(rare), labels)
    again = random.choice(rare, len(common) - len(rare))
    return np.concatenate([np.arange(len(labels)), again])


def class_weights(labels: Array, weights: Array) -> Array:
    """Return ``weights`` (rows,), scaled so that good and bad weigh the same and the sum stays.

    A label between 0 and 1 belongs to both classes, by its share.

    Raises:
        ModelError: if one class weighs nothing.
    """
    bad, good = float(weights @ labels), float(weights @ (1 - labels))
    _expect_both(min(bad, good), labels)
    half = (bad + good) / 2
    scaled: Array = weights * (labels * (half / bad) + (1 - labels) * (half / good))
    return scaled


def _expect_both(rarer: float, labels: Array) -> None:
    if not rarer > 0:
        name = "bad" if len(labels) and labels[0] > 0.5 else "good"
        raise ModelError(f"every row is {name}: training needs both kinds")
