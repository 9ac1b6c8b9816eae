"""A network as its layers, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from classifier.errors import BundleMismatch
from classifier.network.layers import Array, Layer, build_layer
from classifier.network.spec import GraphSpec, LayerSpec, Shape


class Network:
    """A network that runs.

    Attributes:
        spec: what it is made of.
        tensors: its weights by name, as they are saved.
        shapes: shape of one row, by name of input and layer, in order.
    """

    def __init__(self, spec: GraphSpec, tensors: Mapping[str, Array]) -> None:
        """Build the layers and see that they fit together.

        Raises:
            UnsupportedLayer: for a layer this runtime does not know.
            BundleMismatch: for weights missing, left over, misshapen or not finite, and for
                layers that read what is not there.
        """
        self.spec = spec
        self.tensors = dict(tensors)
        self._layers = [(layer, build_layer(layer, self._weights(layer))) for layer in spec.layers]
        self._expect_all_used()
        self.shapes = dict(self._infer_shapes())
        if spec.output not in self.shapes:
            raise BundleMismatch("graph: output", "the name of a layer", spec.output)

    @property
    def output_shape(self) -> Shape:
        """Shape of one row of the output."""
        return self.shapes[self.spec.output]

    def __call__(self, inputs: Array | Mapping[str, Array]) -> Array:
        """Return the output for a batch: an array, or a dict of input name → array.

        Raises:
            BundleMismatch: for inputs of the wrong names or shapes, or ids out of range.
        """
        values = self._run(inputs)
        return values[self.spec.output]

    def activations(self, inputs: Array | Mapping[str, Array]) -> dict[str, Array]:
        """Return every layer's output by its name, in order."""
        values = self._run(inputs)
        return {layer.name: values[layer.name] for layer in self.spec.layers}

    def _run(self, inputs: Array | Mapping[str, Array]) -> dict[str, Array]:
        values = self._named(inputs)
        # What overflows is seen in the result; a warning on the way helps nobody.
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            for spec, layer in self._layers:
                values[spec.name] = layer(values[spec.inputs[0]])
        return values

    def _named(self, inputs: Array | Mapping[str, Array]) -> dict[str, Array]:
        named = dict(inputs) if isinstance(inputs, Mapping) else self._single(inputs)
        names = [spec.name for spec in self.spec.inputs]
        if sorted(named) != sorted(names):
            raise BundleMismatch("inputs", names, sorted(named))
        values = {name: np.asarray(value) for name, value in named.items()}
        for spec in self.spec.inputs:
            _expect_shape(spec.name, spec.shape, values[spec.name])
        return values

    def _single(self, inputs: Array) -> dict[str, Array]:
        if len(self.spec.inputs) != 1:
            raise BundleMismatch("inputs", [spec.name for spec in self.spec.inputs], "one array")
        return {self.spec.inputs[0].name: inputs}

    def _weights(self, layer: LayerSpec) -> dict[str, Array]:
        for tensor in layer.weights.values():
            if tensor not in self.tensors:
                raise BundleMismatch(tensor, f"the weights of layer {layer.name!r}", "nothing")
        return {role: self.tensors[tensor] for role, tensor in layer.weights.items()}

    def _expect_all_used(self) -> None:
        used = {tensor for layer in self.spec.layers for tensor in layer.weights.values()}
        for tensor in self.tensors.keys() - used:
            raise BundleMismatch(tensor, "a layer that uses it", "none")

    def _infer_shapes(self) -> Iterator[tuple[str, Shape]]:
        shapes: dict[str, Shape] = {}
        for given in self.spec.inputs:
            _expect_new(given.name, shapes)
            shapes[given.name] = given.shape
        for spec, layer in self._layers:
            _expect_new(spec.name, shapes)
            shapes[spec.name] = _shape_after(spec, layer, shapes)
        yield from shapes.items()


def _shape_after(spec: LayerSpec, layer: Layer, shapes: Mapping[str, Shape]) -> Shape:
    source = spec.inputs[0]
    if source not in shapes:
        raise BundleMismatch(f"{spec.name}: inputs", "an input or an earlier layer", source)
    return layer.shape(shapes[source])


def _expect_new(name: str, shapes: Mapping[str, Shape]) -> None:
    if name in shapes:
        raise BundleMismatch("graph: names", "each name once", f"{name!r} twice")


def _expect_shape(name: str, shape: Shape, value: Array) -> None:
    fits = value.ndim == len(shape) + 1 and all(
        expected in (None, found) for expected, found in zip(shape, value.shape[1:], strict=True)
    )
    if not fits:
        raise BundleMismatch(f"input {name!r}", ("rows", *shape), value.shape)
