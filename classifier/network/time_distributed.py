"""TimeDistributed: one layer for every step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifier.errors import BundleMismatch
from classifier.network.layer import Array, Builder, Layer, Mask
from classifier.network.options import Options, only
from classifier.network.spec import LayerSpec, Shape


@dataclass(frozen=True, eq=False, slots=True)
class TimeDistributed:
    """(rows, steps, …) → (rows, steps, what ``layer`` makes of a step)."""

    name: str
    layer: Layer

    @classmethod
    def build(
        cls, build_layer: Builder, spec: LayerSpec, weights: Mapping[str, Array]
    ) -> TimeDistributed:
        """Return the layer; its config and its weights are those of the layer inside."""
        with Options(spec) as options:
            kind, config = options.value("layer"), options.value("config", {})
            if not isinstance(kind, str) or kind == spec.kind:  # no tower of them
                options.refuse("layer")
            if not isinstance(config, Mapping):
                options.refuse("config")
        inner = LayerSpec(spec.name, kind, spec.inputs, config, spec.weights)
        return cls(spec.name, build_layer(inner, weights))

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return (steps, …)."""
        shape = only(self.name, shapes)
        if len(shape) < 2:
            raise BundleMismatch(f"{self.name}: input", "steps of several values", shape)
        return tuple((shape[0], *inner) for inner in self.layer.shape([shape[1:]]))

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the layer's outputs."""
        x = inputs[0]
        rows, steps = x.shape[:2]
        flat = x.reshape(rows * steps, *x.shape[2:])
        outputs = self.layer([flat], None)
        return tuple(output.reshape(rows, steps, *output.shape[1:]) for output in outputs)
