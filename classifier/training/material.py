"""What a model is retrained with beside the operators' labels: a bundle's base data, or a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifier.bundle import ModelBundle
from classifier.errors import ModelError
from classifier.network import Array, Network
from classifier.network.trimming import trim
from classifier.text import TextPipeline
from classifier.training.dataset import Row
from classifier.training.split import assign_folds

CANNOT = "cannot be retrained here"
_FOLDS = 5
_SCORED_AT_ONCE = 256  # rows


@dataclass(frozen=True, eq=False, slots=True)
class Measured:
    """Rows as a network reads them, with their labels.

    Attributes:
        ids: (rows, length).
        labels: (rows,), 0 good, 1 bad.
    """

    ids: Array
    labels: Array

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False, slots=True)
class Material:
    """Rows to learn from, and the reference set."""

    learned: Measured
    reference: Measured


def material_of(bundle: ModelBundle, data: Sequence[Row] | None = None) -> Material:
    """Return the base data of ``bundle``, or ``data`` in their place.

    Args:
        bundle: what is retrained.
        data: labelled texts; a fifth of them, near-duplicates together, becomes the reference set.

    Raises:
        ModelError: if it has no text part, reads more than the text, or there are no base data.
    """
    text = text_of(bundle)
    if data is not None:
        labels = np.array([row.label for row in data], dtype=np.float64)
        reference = np.array(assign_folds(data, _FOLDS, seed=1)) == 0
        return _parted(text.ids([row.text for row in data]), labels, reference)
    base = bundle.base_data()
    if base is None:
        raise ModelError(
            f"{CANNOT}: model {bundle.name!r} brings no base data; "
            "give labelled texts in their place (--data FILE)"
        )
    return _parted(base.padded(text), base.labels.astype(np.float64), base.reference == 1)


def text_of(bundle: ModelBundle) -> TextPipeline:
    """Return the text part of a model that reads texts and nothing else.

    Raises:
        ModelError: for any other model.
    """
    if bundle.text is None:
        raise ModelError(f"{CANNOT}: model {bundle.name!r} has no text part")
    if len(bundle.network.spec.inputs) != 1:
        raise ModelError(f"{CANNOT}: model {bundle.name!r} reads more than the text")
    if bundle.text.vectorizer.length is None:
        raise ModelError(f"{CANNOT}: model {bundle.name!r} reads texts of any length")
    return bundle.text


def scores_of(network: Network, ids: Array) -> Array:
    """Return the score of each row: (rows,), 0 good to 1 bad."""
    starts, quick = range(0, len(ids), _SCORED_AT_ONCE), trim(network)
    (name,) = (given.name for given in network.spec.inputs)
    found = [quick({name: ids[start : start + _SCORED_AT_ONCE]})[:, -1] for start in starts]
    return np.concatenate([np.zeros(0), *found])


def _parted(ids: Array, labels: Array, reference: Array) -> Material:
    return Material(
        learned=Measured(ids[~reference], labels[~reference]),
        reference=Measured(ids[reference], labels[reference]),
    )
