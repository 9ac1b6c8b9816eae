"""Dense: one matrix and an activation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifier.errors import BundleMismatch
from classifier.network.activations import Activation, activated, read_activation
from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import Options, expect_sizes, expect_weights, only
from classifier.network.spec import LayerSpec, Shape


@dataclass(frozen=True, eq=False, slots=True)
class Dense:
    """(rows, …, inputs) → (rows, …, units): ``activation(x · kernel + bias)``."""

    name: str
    kernel: Array
    bias: Array | None
    activation: Activation

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> Dense:
        """Return the layer; weights: ``kernel`` (inputs, units), and ``bias`` (units,) if any."""
        expect_weights(spec, weights, {"kernel": 2, "bias": 1}, optional=["bias"])
        kernel, bias = weights["kernel"], weights.get("bias")
        if bias is not None:
            expect_sizes(spec, "bias", bias, kernel.shape[1:])
        with Options(spec) as options:
            return cls(spec.name, kernel, bias, read_activation(options))

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return (…, units)."""
        shape = only(self.name, shapes)
        if shape[-1:] != self.kernel.shape[:1]:
            raise BundleMismatch(f"{self.name}: input", f"{len(self.kernel)} values a row", shape)
        units = (*shape[:-1], self.kernel.shape[1])
        return (activated(self.name, self.activation, units),)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the activations."""
        product = inputs[0] @ self.kernel
        return (self.activation(product if self.bias is None else product + self.bias),)


BUILDERS: Mapping[str, Builder] = {"Dense": Dense.build}
