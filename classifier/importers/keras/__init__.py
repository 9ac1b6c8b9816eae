"""Keras files → ModelBundle, of Keras 1, 2 and 3."""

from __future__ import annotations

from pathlib import Path

from classifier.bundle import ModelBundle, read_file, sha256
from classifier.importers.custom import load_custom
from classifier.importers.keras.files import KerasFile, open_keras
from classifier.importers.keras.graph import Graph, build_graph
from classifier.importers.keras.layers import translate
from classifier.importers.keras.model import INPUT, KerasModel, read_model
from classifier.importers.keras.operations import is_operation
from classifier.importers.keras.settings import Dialect, Part
from classifier.importers.keras.text import VECTORIZER, read_text
from classifier.importers.keras.weights import Path as LayerPath
from classifier.importers.keras.weights import read_weights
from classifier.network import Network
from classifier.text import TextPipeline

__all__ = ["import_keras", "read_graph"]


def import_keras(
    path: str | Path, *, text: TextPipeline | None = None, custom: str | Path | None = None
) -> ModelBundle:
    """Return the model of a ``.keras`` or ``.h5`` file as a bundle.

    Args:
        path: the file; which Keras wrote it is read from it.
        text: raw text → ids, for a model that takes ids; it comes before one in the file.
        custom: a Python file that registers the layers of one's own; it is run.

    Raises:
        BundleMissing: if a file is not there.
        BundleMismatch: if the file is damaged, no Keras model, or disagrees with itself.
        UnsupportedLayer: for a layer or a setting that this runtime does not know.
        ModelError: if h5py is not installed, or ``custom`` fails; parent of all these.
    """
    path = Path(path)
    data = read_file(path)
    if custom is not None:
        load_custom(custom)
    with open_keras(data, path.name) as file:
        graph, found = read_graph(file)
        framework = f"keras {file.written_by}"
    return ModelBundle(
        name=path.stem,
        threshold=0.5,
        network=Network(graph.spec, graph.tensors),
        text=found if text is None else text,
        fingerprint=sha256(data),
        provenance={
            "source": path.name,
            "source_sha256": sha256(data),
            "framework": framework,
        },
    )


def read_graph(file: KerasFile) -> tuple[Graph, TextPipeline | None]:
    """Return the model of ``file`` in our own terms, and its text part if it has one."""
    dialect = Dialect(file.version, file.standalone, file.backend)
    model = read_model(file.model, file.version)
    text = read_text(file, model, dialect)
    parts = _parts(model, dialect)
    weights = read_weights(file, model, parts)
    return build_graph(model, parts, weights, dialect), text


def _parts(model: KerasModel, dialect: Dialect, path: LayerPath = ()) -> dict[LayerPath, Part]:
    parts: dict[LayerPath, Part] = {}
    for layer in model.layers:
        if layer.model is not None:
            parts |= _parts(layer.model, dialect, (*path, layer.name))
        elif layer.class_name not in (INPUT, VECTORIZER) and not is_operation(layer):
            parts[(*path, layer.name)] = translate(layer, dialect)
    return parts
