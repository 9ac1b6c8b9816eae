"""A network that learns batch by batch, whatever framework it is made with."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from classifier.bundle import ModelBundle
from classifier.errors import BundleMismatch, ModelError
from classifier.network import Array
from classifier.parity import first_divergence
from classifier.text import TextPipeline
from classifier.training.crossval.designs import CENTRED, Design, Layer
from classifier.training.crossval.features import Standard
from classifier.training.crossval.vectors import Table

Inputs = Mapping[str, Array]
"""By the names in ``designs``: ids, and features if the network reads them."""

PREDICTED = 256
"""Rows that are scored at once."""


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """All that a new network depends on.

    Attributes:
        table: what its embedding starts with.
        frozen: the embedding stays so.
        standard: of the features it reads; None: it reads none.
        seed: of its other weights and its dropouts.
        clip: longest gradient, all weights together; longer ones are shortened to it.
    """

    design: Design
    table: Table
    frozen: bool
    standard: Standard | None
    seed: int
    clip: float = 1.0

    @property
    def feature_count(self) -> int:
        """How many features the network reads."""
        return 0 if self.standard is None else len(self.standard.mean)

    def moments(self, layer: Layer) -> tuple[Array, Array]:
        """Return mean and variance that ``layer`` takes away: the one first, then the other.

        Raises:
            ModelError: if the network reads no features.
        """
        if self.standard is None:
            raise ModelError(f"layer {layer.name!r}: there are no features")
        mean, variance = self.standard.mean, self.standard.variance
        if layer.name == CENTRED:
            return mean, np.ones_like(variance)
        return np.zeros_like(mean), variance


class Learner(Protocol):
    """A network under way."""

    def learn(self, inputs: Inputs, labels: Array, rate: float) -> float:
        """Take one step on a batch at this learning rate; return the loss before it."""

    def score(self, inputs: Inputs) -> Array:
        """Return the score of each row, in double precision."""

    def to_bundle(self, text: TextPipeline) -> ModelBundle:
        """Return the network as our importer takes it over, its own answers beside ours.

        Raises:
            BundleMismatch: if these are not the same.
        """


class Workshop(Protocol):
    """A framework that makes learners."""

    @property
    def versions(self) -> Mapping[str, str]:
        """What a model of it says of its framework."""

    def deterministic(self) -> AbstractContextManager[None]:
        """Within this, the same steps give the same numbers."""

    def begin(self, plan: Plan) -> Learner:
        """Return a new network; the same plan gives the same weights."""


def expect_parity(bundle: ModelBundle) -> ModelBundle:
    """Return ``bundle`` if it answers as its framework does.

    Raises:
        BundleMismatch: naming the first layer that does not.
    """
    if bundle.parity is not None:
        found = first_divergence(bundle.parity, bundle.network, bundle.text)
        if found is not None:
            raise BundleMismatch(found.place, "what its framework answers", found.difference)
    return bundle
