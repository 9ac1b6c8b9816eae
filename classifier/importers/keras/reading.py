"""A Keras file → the network in our own terms, and its text part."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.importers.keras.files import KerasFile
from classifier.importers.keras.graph import Graph, build_graph
from classifier.importers.keras.layers import translate
from classifier.importers.keras.model import INPUT, KerasModel, read_model
from classifier.importers.keras.operations import is_operation
from classifier.importers.keras.settings import Dialect, Part
from classifier.importers.keras.text import VECTORIZER, read_text
from classifier.importers.keras.weights import Path, read_weights
from classifier.text import TextPipeline


@dataclass(frozen=True, eq=False, slots=True)
class Imported:
    """What a file holds, in our own terms.

    Attributes:
        text: of a model that takes text; None for one that takes arrays only.
        backend: what Keras ran on, if the file says so.
    """

    graph: Graph
    text: TextPipeline | None
    backend: str | None = None


def read_keras(file: KerasFile) -> Imported:
    """Return the model of ``file`` in our own terms.

    Raises:
        UnsupportedLayer: for a layer or a setting that this runtime does not know.
        BundleMismatch: for what is missing or does not fit.
    """
    dialect = Dialect(file.version, file.standalone, file.backend)
    model = read_model(file.model, file.version)
    text = read_text(file, model, dialect)
    parts = _parts(model, dialect)
    weights = read_weights(file, model, parts)
    return Imported(build_graph(model, parts, weights, dialect), text, file.backend)


def _parts(model: KerasModel, dialect: Dialect, path: Path = ()) -> dict[Path, Part]:
    parts: dict[Path, Part] = {}
    for layer in model.layers:
        if layer.model is not None:
            parts |= _parts(layer.model, dialect, (*path, layer.name))
        elif layer.class_name not in (INPUT, VECTORIZER) and not is_operation(layer):
            parts[(*path, layer.name)] = translate(layer, dialect)
    return parts
