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
        return (self.table.take(expect_ids(self.name, inputs[0], len(self.table)), axis=0),)


def expect_ids(name: str, values: Array, words: int) -> Array:
    """Return ``values`` as ids of ``words`` words.

    Raises:
        BundleMismatch: naming the layer ``name``, for one out of range.
    """
    ids = whole_numbers(f"{name}: ids", values)
    if ids.size and (ids.min() < 0 or ids.max() >= words):
        raise BundleMismatch(f"{name}: ids", f"0 to {words - 1}", f"{ids.min()} to {ids.max()}")
    return ids


BUILDERS: Mapping[str, Builder] = {"Embedding": Embedding.build}
