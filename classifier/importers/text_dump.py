"""Dumps of Keras weights → ModelBundle, with a spec file that says what they are for.

If the spec file does not say which Keras, it is Keras 1: an LSTM has twelve matrices, in the
order i c f o, and its gates go through that version's hard_sigmoid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from classifier.bundle import ModelBundle
from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.importers.architecture import Architecture, Entry, read_architecture
from classifier.importers.dumps import Dump, Matrix, by_number, read_dump
from classifier.importers.keras.graph import build_graph
from classifier.importers.keras.layers import TRANSLATORS, translate
from classifier.importers.keras.model import INPUT, Call, KerasLayer, KerasModel, Tensor
from classifier.importers.keras.settings import Dialect, Part, Slot
from classifier.importers.keras.weights import Path as LayerPath
from classifier.importers.keras.weights import fit
from classifier.importers.tokenizers import fitted_to
from classifier.network import Array, Network
from classifier.text import TextPipeline

_VERSION = re.compile(r"([12])(?:\.(\d+))?(?:\.\d+)*")
_FIRST = re.compile(r"(?:.*_)?(?:W(?:_[a-z])?|kernel|embeddings)")
_Sizes = Mapping[tuple[str, ...], int]
_UNITS: _Sizes = {("units", "output_dim"): -1}
_WINDOWS: _Sizes = {("filters", "nb_filter"): -1, ("kernel_size", "filter_length"): 0}
_SIZES: Mapping[str, _Sizes] = {
    "LSTM": _UNITS,
    "GRU": _UNITS,
    "SimpleRNN": _UNITS,
    "Dense": _UNITS,
    "Embedding": {("input_dim",): 0, ("output_dim",): -1},
    "Conv1D": _WINDOWS,
    "Convolution1D": _WINDOWS,
}
"""Settings that need not be said: on which axis of its first matrix a layer tells them."""

_WEIGHTED = {*_SIZES, "BatchNormalization", "LayerNormalization"}
_GATES = {"LSTM": 4, "GRU": 3}


def import_text_dump(
    folder_or_h5: str | Path, spec: str | Path, *, text: TextPipeline | None = None
) -> ModelBundle:
    """Return the network whose weights were written out matrix by matrix, as a bundle.

    Args:
        folder_or_h5: a folder of ``np.savetxt`` files, or an HDF5 file without a config.
        spec: its architecture, TOML or JSON; see docs/importing.md.
        text: how texts become ids; what it leaves open is set to what the network takes.
            None: the bundle scores arrays only.

    Raises:
        BundleMissing: if nothing is there.
        BundleMismatch: if matrices and architecture do not fit: key, expected, found.
        UnsupportedLayer: for a layer or a setting that this runtime does not know.
        ModelError: if h5py is needed and not installed.
    """
    path, architecture = Path(folder_or_h5), read_architecture(spec)
    dump, source = read_dump(path)
    dialect = _dialect(architecture)
    matrices = _handed_out(architecture, dump)
    model = _model(architecture, matrices, dialect)
    parts: dict[LayerPath, Part] = {
        (layer.name,): translate(layer, dialect) for layer in model.layers if layer.calls
    }
    weights = {
        place: _weights(place[0], part, matrices.get(place[0], [])) for place, part in parts.items()
    }
    graph = build_graph(model, parts, weights, dialect)
    network = Network(graph.spec, graph.tensors)
    return ModelBundle(
        name=path.stem,
        threshold=0.5,
        network=network,
        text=None if text is None else fitted_to(text, network),
        fingerprint=source,
        provenance={
            "framework": {"keras": ".".join(map(str, dialect.version))},
            "source": path.name,
            "source_sha256": source,
            "spec": Path(spec).name,
            "spec_sha256": architecture.sha256,
        },
    )


def _dialect(architecture: Architecture) -> Dialect:
    said = architecture.framework.get("keras", "1")
    if (found := _VERSION.fullmatch(said)) is None:
        raise BundleMismatch("framework: keras", "a version of Keras 1 or 2", said)
    version = (int(found[1]), int(found[2] or 0))
    return Dialect(version, standalone=True, backend=architecture.framework.get("backend"))


def _handed_out(architecture: Architecture, dump: Dump) -> dict[str, list[Matrix]]:
    """Return the matrices of each layer that has any: the dump has no others."""
    weighted = [entry for entry in architecture.layers if entry.kind in _WEIGHTED]
    if len(weighted) != len(dump):
        raise BundleMismatch("layers with weights", len(weighted), f"{len(dump)} in the dump")
    return {entry.name: matrices for entry, matrices in zip(weighted, dump, strict=True)}


def _model(
    architecture: Architecture, matrices: Mapping[str, list[Matrix]], dialect: Dialect
) -> KerasModel:
    """Return the architecture as Keras would have written it."""
    inputs = [
        KerasLayer(given.name, INPUT, None, {"batch_shape": [None, *given.shape]})
        for given in architecture.inputs
    ]
    layers = [_layer(entry, matrices.get(entry.name), dialect) for entry in architecture.layers]
    return KerasModel(
        "model",
        sequential=False,
        layers=(*inputs, *layers),
        inputs=tuple(_tensor(given.name) for given in architecture.inputs),
        outputs=tuple(_tensor(name) for name in architecture.outputs),
    )


def _layer(entry: Entry, matrices: list[Matrix] | None, dialect: Dialect) -> KerasLayer:
    if entry.kind not in TRANSLATORS and entry.kind != "Convolution1D":
        raise UnsupportedLayer(entry.name, entry.kind)
    sizes = {} if matrices is None else dict(_sizes(entry, matrices, dialect))
    read = [_tensor(name) for name in entry.inputs]
    call = Call((read[0] if len(read) == 1 else read,))
    return KerasLayer(entry.name, entry.kind, None, {**sizes, **entry.settings}, (call,))


def _sizes(entry: Entry, matrices: list[Matrix], dialect: Dialect) -> Iterator[tuple[str, int]]:
    """Yield the settings that were not said and that the first matrix tells."""
    if entry.kind not in _SIZES:
        return
    numbered = by_number(matrices)
    first = next((one for one in matrices if numbered or _FIRST.fullmatch(one.name)), matrices[0])
    # Since Keras 2 the gates stand side by side in one matrix.
    gates = _GATES.get(entry.kind, 1) if dialect.version >= (2, 0) else 1
    for names, axis in _SIZES[entry.kind].items():
        if not entry.settings.keys() & set(names):
            size = first.array.shape[axis] if first.array.ndim > axis else 0
            yield names[0], size // gates


def _tensor(name: str) -> Tensor:
    """Return what ``name``, a layer or ``layer:1``, means to Keras."""
    layer, _, output = name.partition(":")
    if output and not output.isdecimal():
        raise BundleMismatch("inputs", "a layer, or the number of its output after a colon", name)
    return Tensor(layer, 0, int(output or 0))


def _weights(name: str, part: Part, matrices: list[Matrix]) -> Mapping[str, Array]:
    """Return the matrices of a layer by role, in the order of this runtime."""
    places = ", ".join(matrix.place for matrix in matrices)
    if len(matrices) != len(part.slots):
        raise BundleMismatch(f"{name}: weights", f"{len(part.slots)} matrices", places or "none")
    ordered = matrices if by_number(matrices) else _by_name(name, part.slots, matrices)
    return part.convert(
        {
            slot.role: _fitting(matrix, slot)
            for slot, matrix in zip(part.slots, ordered, strict=True)
        }
    )


def _by_name(name: str, slots: Sequence[Slot], matrices: list[Matrix]) -> list[Matrix]:
    """Return the matrices in the order of ``slots``, by what their names end in."""
    found = []
    for slot in slots:
        fitting = [one for one in matrices if f"_{one.name}".endswith(f"_{slot.saved}")]
        if not fitting:
            places = ", ".join(matrix.place for matrix in matrices)
            raise BundleMismatch(f"{name}: {slot.saved}", "a matrix of this name", places)
        # lstm_1_recurrent_kernel ends as lstm_1_kernel does
        found.append(min(fitting, key=lambda one: len(one.name)))
    return found


def _fitting(matrix: Matrix, slot: Slot) -> Array:
    shaped = matrix.shaped(None if slot.shape is None else len(slot.shape))
    return fit(shaped.array, slot, shaped.place)
