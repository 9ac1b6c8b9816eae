"""A Keras model → our own graph: every call a layer, nested models laid open, masks as edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from classifier.importers.keras.drawing import Drawing, Value
from classifier.importers.keras.inputs import as_ids, read_input
from classifier.importers.keras.model import KerasModel, Tensor
from classifier.importers.keras.settings import Dialect, Part
from classifier.importers.keras.weights import Path, Weights
from classifier.network import Array, GraphSpec, Ref


@dataclass(frozen=True, eq=False, slots=True)
class Graph:
    """A model in our own terms.

    Attributes:
        origins: by reference, the tensor of the outermost model that it stands for.
    """

    spec: GraphSpec
    tensors: Mapping[str, Array]
    origins: Mapping[Ref, Tensor]


def build_graph(
    model: KerasModel, parts: Mapping[Path, Part], weights: Weights, dialect: Dialect
) -> Graph:
    """Return ``model`` in our own terms.

    Args:
        model: what the file describes.
        parts: every layer of it, translated.
        weights: the arrays of each of them.
        dialect: which Keras wrote it.

    Raises:
        UnsupportedLayer: for an operation, a call or a mask that cannot be served.
        BundleMismatch: for layers that read what is not there.
    """
    drawing = Drawing(parts, weights, dialect)
    inputs = [read_input(model, tensor) for tensor in model.inputs]
    values = drawing.run(model, (), [Value(given.name) for given in inputs])
    outputs = tuple(drawing.array(values, tensor) for tensor in model.outputs)
    spec = GraphSpec(tuple(as_ids(inputs, drawing.layers)), tuple(drawing.layers), outputs)
    given = {one.name for one in inputs}
    origins = {
        value.ref: tensor
        for tensor, value in values.items()
        if value.ref is not None and value.ref not in given
    }
    return Graph(spec, drawing.tensors, origins)
