"""The average of looked-up rows and an activation, in one step: what ``fuse`` folds layers into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifier.network.activations import Activation, read_activation, width
from classifier.network.embedding import Embedding
from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import Options, expect_weights, only
from classifier.network.pooling import mean_over_steps
from classifier.network.spec import LayerSpec, Shape

AVERAGED_EMBEDDING = "AveragedEmbedding"


@dataclass(frozen=True, eq=False, slots=True)
class AveragedEmbedding:
    """ids (rows, steps) → (rows, units): the activation of the mean of the ids' table rows."""

    embedding: Embedding
    activation: Activation

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> AveragedEmbedding:
        """Return the layer; weights: ``table`` (words, units)."""
        expect_weights(spec, weights, {"table": 2})
        with Options(spec) as options:
            activation = read_activation(options)
        return cls(Embedding(spec.name, weights["table"]), activation)

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return (units,)."""
        only(self.embedding.name, shapes, 1)
        return ((width(self.activation, self.embedding.table.shape[1]),),)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the activations.

        Raises:
            BundleMismatch: for an id out of range.
        """
        (vectors,) = self.embedding(inputs, mask)
        return (self.activation(mean_over_steps(vectors)),)


BUILDERS: Mapping[str, Builder] = {AVERAGED_EMBEDDING: AveragedEmbedding.build}
