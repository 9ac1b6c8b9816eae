"""A network as its layers, in an order in which each follows what it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from classifier.errors import BundleMismatch
from classifier.network.inputs import fits, read_inputs
from classifier.network.layer import Array, Mask
from classifier.network.registry import build_layer
from classifier.network.spec import GraphSpec, LayerSpec, Ref, Shape, reference

MOST_LAYERS = 10_000
MOST_VALUES = 1 << 26
"""Of one row in all layers together: a graph that asks for more is refused before it runs."""

_Value = TypeVar("_Value")


class Network:
    """A network that runs.

    Attributes:
        spec: what it is made of.
        tensors: its weights by name, as they are saved.
        dtype: what it computes in.
        shapes: shape of one row, by reference to inputs and outputs of layers, in order.
    """

    def __init__(
        self, spec: GraphSpec, tensors: Mapping[str, Array], *, dtype: npt.DTypeLike = np.float32
    ) -> None:
        """Build the layers and see that they fit together.

        Args:
            spec: what it is made of.
            tensors: its weights by name, of any floating-point type.
            dtype: float32 or float64.

        Raises:
            UnsupportedLayer: for a layer this runtime does not know.
            BundleMismatch: for weights missing, left over, misshapen or not finite, for
                layers that read what is not there, and for more layers or larger arrays
                than any network of text needs.
        """
        if np.dtype(dtype) not in (np.float32, np.float64):
            raise ValueError(f"a network computes in float32 or float64, not in {dtype}")
        self.spec = spec
        self.tensors = dict(tensors)
        self.dtype: np.dtype[Any] = np.dtype(dtype)
        _expect_few(spec)
        self._expect_all_used()
        self._layers = [(layer, build_layer(layer, self._weights(layer))) for layer in spec.layers]
        self.shapes = self._infer_shapes()
        for output in spec.outputs:
            if output not in self.shapes:
                raise BundleMismatch("graph: outputs", "the name of a layer", output)

    def astype(self, dtype: npt.DTypeLike) -> Network:
        """Return the same network, computing in ``dtype``: float32 or float64."""
        return Network(self.spec, self.tensors, dtype=dtype)

    @property
    def output_shapes(self) -> tuple[Shape, ...]:
        """Shape of one row of each output."""
        return tuple(self.shapes[output] for output in self.spec.outputs)

    def __call__(self, inputs: Array | Mapping[str, Array]) -> Any:
        """Return the output for a batch; of a network with several a tuple, in order.

        Args:
            inputs: an array, or a dict of input name → array.

        Raises:
            BundleMismatch: for inputs of the wrong names or shapes, or ids out of range.
        """
        outputs = self.outputs(inputs)
        return outputs if len(outputs) > 1 else outputs[0]

    def outputs(self, inputs: Array | Mapping[str, Array]) -> tuple[Array, ...]:
        """Return the outputs for a batch, in order, also if there is only one."""
        values = self._run(inputs)
        return tuple(values[output] for output in self.spec.outputs)

    def activations(self, inputs: Array | Mapping[str, Array]) -> dict[Ref, Array]:
        """Return every layer's output by its name, further ones as ``name:1``, in order."""
        given = {spec.name for spec in self.spec.inputs}
        return {name: value for name, value in self._run(inputs).items() if name not in given}

    def _run(self, inputs: Array | Mapping[str, Array]) -> dict[Ref, Array]:
        values = read_inputs(self.spec.inputs, inputs, self.dtype)
        # What overflows is seen in the result; a warning on the way helps nobody.
        with np.errstate(over="ignore", invalid="ignore", under="ignore", divide="ignore"):
            for spec, layer in self._layers:
                outputs = layer([values[name] for name in spec.inputs], _mask(spec, values))
                values.update(_numbered(spec.name, [self._cast(output) for output in outputs]))
        return values

    def _cast(self, value: Array) -> Array:
        """What a layer computed of whole numbers, or of constants, is brought back to dtype."""
        return value.astype(self.dtype, copy=False) if value.dtype.kind == "f" else value

    def _weights(self, layer: LayerSpec) -> dict[str, Array]:
        for tensor in layer.weights.values():
            if tensor not in self.tensors:
                raise BundleMismatch(tensor, f"the weights of layer {layer.name!r}", "nothing")
        return {
            role: _cast(f"{layer.name}: {role}", self.tensors[tensor], self.dtype)
            for role, tensor in layer.weights.items()
        }

    def _expect_all_used(self) -> None:
        used = {tensor for layer in self.spec.layers for tensor in layer.weights.values()}
        for tensor in self.tensors.keys() - used:
            raise BundleMismatch(tensor, "a layer that uses it", "none")

    def _infer_shapes(self) -> dict[Ref, Shape]:
        shapes: dict[Ref, Shape] = {}
        values = sum(_add_shapes(given.name, (given.shape,), shapes) for given in self.spec.inputs)
        for spec, layer in self._layers:
            _expect_known(spec, shapes)
            found = layer.shape([shapes[name] for name in spec.inputs])
            values += _add_shapes(spec.name, found, shapes)
            if values > MOST_VALUES:
                raise BundleMismatch(f"{spec.name}: shape", f"at most {MOST_VALUES} values", found)
        return shapes


def _cast(key: str, tensor: Array, dtype: np.dtype[Any]) -> Array:
    if not np.issubdtype(tensor.dtype, np.floating):
        raise BundleMismatch(key, "floating-point numbers", tensor.dtype)
    with np.errstate(over="ignore"):
        cast = tensor.astype(dtype, copy=False)
    if not np.isfinite(cast).all():  # also what is too large for float32
        raise BundleMismatch(key, f"finite numbers in {dtype}", "NaN or infinity")
    return cast


def _numbered(name: str, outputs: Sequence[_Value]) -> dict[Ref, _Value]:
    return {reference(name, i): output for i, output in enumerate(outputs)}


def _mask(spec: LayerSpec, values: Mapping[Ref, Array]) -> Mask | None:
    if spec.mask is None:
        return None
    mask = values[spec.mask]
    if mask.dtype != np.bool_:
        raise BundleMismatch(f"{spec.name}: mask", "true or false", mask.dtype)
    if mask.shape != (shape := values[spec.inputs[0]].shape)[: mask.ndim]:
        raise BundleMismatch(f"{spec.name}: mask", shape, mask.shape)
    return mask


def _expect_few(spec: GraphSpec) -> None:
    if not spec.outputs:
        raise BundleMismatch("graph: outputs", "at least one", "none")
    if len(spec.layers) > MOST_LAYERS:
        raise BundleMismatch("graph: layers", f"at most {MOST_LAYERS}", len(spec.layers))


def _expect_known(spec: LayerSpec, shapes: Mapping[Ref, Shape]) -> None:
    for name in (*spec.inputs, *([] if spec.mask is None else [spec.mask])):
        if name not in shapes:
            raise BundleMismatch(f"{spec.name}: inputs", "an input or an earlier layer", name)
    if spec.mask is not None:
        mask, shape = shapes[spec.mask], shapes[spec.inputs[0]]
        if not fits(shape[: len(mask)], mask):
            raise BundleMismatch(f"{spec.name}: mask", shape, mask)


def _add_shapes(name: str, found: Sequence[Shape], shapes: dict[Ref, Shape]) -> int:
    """Add ``found`` to ``shapes`` and return how many values a row of them has."""
    for ref, shape in _numbered(name, found).items():
        if ref in shapes:
            raise BundleMismatch("graph: names", "each name once", f"{ref!r} twice")
        if any(size is not None and size < 1 for size in shape):
            raise BundleMismatch(f"{ref}: shape", "sizes above 0", shape)
        shapes[ref] = shape
    return sum(prod(size or 1 for size in shape) for shape in found)
