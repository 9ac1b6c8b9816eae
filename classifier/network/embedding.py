"""Embedding: ids → vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifier.errors import BundleMismatch
from classifier.network.inputs import whole_numbers
from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import Options, expect_weights, only
from classifier.network.spec import LayerSpec, Shape


@dataclass(frozen=True, eq=False, slots=True)
class Embedding:
    """ids (rows, …) → vectors (rows, …, size), looked up in ``table`` (words, size)."""

    name: str
    table: Array

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> Embedding:
        """Return the layer; weights: ``table``."""
        with Options(spec):
            expect_weights(spec, weights, {"table": 2})
        return cls(spec.name, weights["table"])

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return (…, size)."""
        return ((*only(self.name, shapes), self.table.shape[1]),)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the vector of each id.

        Raises:
            BundleMismatch: for an id out of range; numpy alone would wrap a negative one.
        """
        ids, words = whole_numbers(f"{self.name}: ids", inputs[0]), len(self.table)
        if ids.size and (ids.min() < 0 or ids.max() >= words):
            raise BundleMismatch(
                f"{self.name}: ids", f"0 to {words - 1}", f"{ids.min()} to {ids.max()}"
            )
        return (self.table.take(ids, axis=0),)


BUILDERS: Mapping[str, Builder] = {"Embedding": Embedding.build}
