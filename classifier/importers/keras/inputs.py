"""What a Keras model is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from classifier.documents import typed
from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.importers.cases import readers
from classifier.importers.keras.model import INPUT, KerasLayer, KerasModel, Tensor
from classifier.importers.keras.text import VECTORIZER
from classifier.network import InputSpec, LayerSpec, Shape


def read_input(model: KerasModel, tensor: Tensor) -> InputSpec:
    """Return the input of ``model`` that ``tensor`` is; one for text is one for its ids here.

    Raises:
        BundleMismatch: if it is none.
        UnsupportedLayer: if it is sparse or ragged.
    """
    layer = next((layer for layer in model.layers if layer.name == tensor.layer), None)
    if layer is None or layer.class_name != INPUT:
        raise BundleMismatch(f"{model.name}: input_layers", "an InputLayer", tensor.layer)
    for key in ("sparse", "ragged"):
        if layer.config.get(key):
            raise UnsupportedLayer(layer.name, f"{INPUT}({key}=True)")
    reader = next((one for one in model.layers if one.class_name == VECTORIZER), None)
    if reader is not None and tensor in reader.calls[0].tensors():
        return InputSpec(layer.name, (reader.config.get("output_sequence_length"),), "int")
    whole = str(layer.config.get("dtype", layer.config.get("input_dtype"))).startswith(
        ("int", "uint")
    )
    return InputSpec(layer.name, _shape(layer), "int" if whole else "float")


def _shape(layer: KerasLayer) -> Shape:
    shape = layer.config.get("batch_shape", layer.config.get("batch_input_shape"))
    key = f"{layer.name}: batch_shape"
    sizes = typed(shape, list, key)[1:]
    return tuple(None if size is None else typed(size, int, key) for size in sizes)


def as_ids(inputs: Sequence[InputSpec], layers: Sequence[LayerSpec]) -> Iterator[InputSpec]:
    """Yield ``inputs``, those as whole numbers that are read as ids and in no other way."""
    for given in inputs:
        kinds = {layer.kind for layer in readers(given.name, layers)}
        ids = "Embedding" in kinds and kinds <= {"Embedding", "NotEqual"}
        yield InputSpec(given.name, given.shape, "int" if ids else given.dtype)
