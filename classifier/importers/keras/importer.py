"""A Keras file → ModelBundle."""

from __future__ import annotations

from pathlib import Path

from classifier.bundle import ModelBundle, read_file, sha256
from classifier.importers.custom import load_custom
from classifier.importers.keras.files import open_keras
from classifier.importers.keras.layers import uneven_average
from classifier.importers.keras.reading import Imported, read_keras
from classifier.importers.tokenizers import fitted_to
from classifier.network import Network
from classifier.text import TextPipeline


def import_keras(
    path: str | Path, *, text: TextPipeline | None = None, custom: str | Path | None = None
) -> ModelBundle:
    """Return the model of a ``.keras`` or ``.h5`` file as a bundle.

    Args:
        path: the file; which Keras wrote it is read from it.
        text: raw text → ids, for a model that takes ids; it comes before one in the file, and
            what it leaves open is set to what the network takes.
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
        imported = read_keras(file)
        version = file.written_by
    network = Network(imported.graph.spec, imported.graph.tensors)
    return ModelBundle(
        name=path.stem,
        threshold=0.5,
        network=network,
        text=imported.text if text is None else fitted_to(text, network),
        fingerprint=sha256(data),
        provenance={
            "source": path.name,
            "source_sha256": sha256(data),
            "framework": {"keras": version},
            **({"notes": notes} if (notes := _notes(imported)) else {}),
        },
    )


def _notes(imported: Imported) -> list[str]:
    """Return what the file leaves open: a ``.keras`` does not say what Keras ran on."""
    return [
        f"layer {layer.name!r}: averages as Keras does on TensorFlow, JAX and numpy; on PyTorch it"
        " counts the last step twice where padding is uneven"
        for layer in imported.graph.spec.layers
        if imported.backend is None and uneven_average(layer.kind, layer.config)
    ]
