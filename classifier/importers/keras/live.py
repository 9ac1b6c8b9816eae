"""What live Keras answers, kept in the bundle as parity cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from classifier.bundle import ModelBundle, read_file, text_input
from classifier.errors import ModelError
from classifier.importers.cases import answered, case_inputs
from classifier.importers.custom import load_custom, run_file
from classifier.importers.keras.files import Version, open_keras
from classifier.importers.keras.model import KerasModel, Tensor, read_model
from classifier.importers.keras.reading import read_keras
from classifier.importers.keras.text import VECTORIZER
from classifier.network import Array, Ref
from classifier.parity import ParityCases
from classifier.training.keras_network import import_keras as load_framework

_MASKS_CHANGED: tuple[Version, ...] = ((3, 0), (3, 4), (3, 11))
"""The versions since which masks, or what reads them, mean something else."""


def record_keras(
    path: str | Path,
    bundle: ModelBundle,
    *,
    custom: str | Path | None = None,
    layers: str | Path | None = None,
) -> ModelBundle:
    """Return ``bundle`` with what Keras itself answers, layer by layer, as its parity cases.

    Rows for which Keras has no answer (a masked average over nothing is not a number) are
    left out; layers inside nested models are not shown, what these give is.

    Args:
        path: the file that ``bundle`` was imported from.
        bundle: the imported model.
        custom: the Python file of the layers of one's own; their Keras classes may be in it too.
        layers: the Python file that these are in, if it is another one.

    Raises:
        ModelError: if Keras is not installed, is another one than that of the file, or cannot
            read the file, as with operations in an ``.h5``; if ``layers`` has no layer.
    """
    path, keras = Path(path), load_framework()
    classes = _classes(keras, {} if custom is None else load_custom(custom))
    if layers is not None:
        classes |= _expect_some(_classes(keras, run_file(layers)), Path(layers))
    with open_keras(read_file(path), path.name) as file:
        graph = read_keras(file).graph
        _expect_same(
            keras, file.version, path, masked=any(layer.mask for layer in graph.spec.layers)
        )
        origins = graph.origins
        classes |= dict(_registered(read_model(file.model, file.version), classes))
    model = _load(keras, path, classes)
    texts, inputs = case_inputs(bundle)
    vectorizer = _vectorizer(model)
    if vectorizer is not None and bundle.text is not None:
        name = text_input(bundle.text, bundle.network).name
        inputs[name] = _with_live_ids(inputs[name], vectorizer, texts)
    outputs = _outputs(keras, model, inputs, origins)
    return replace(bundle, parity=answered(ParityCases(texts, inputs, outputs)))


def _expect_same(keras: Any, written_by: Version, path: Path, *, masked: bool) -> None:
    """Another Keras may read the file and mean something else, by its masks above all."""
    major, minor, *_ = str(keras.__version__).split(".")
    live = (int(major), int(minor))
    other = masked and _generation(live) != _generation(written_by)
    if other or live[0] != 3 or written_by < (3, 0):
        written, installed = (".".join(map(str, version)) for version in (written_by, live))
        reason = f"was written by Keras {written}; Keras {installed} does not answer for it"
        raise ModelError(reason, path=path)


def _generation(version: Version) -> int:
    return sum(version >= change for change in _MASKS_CHANGED)


def _classes(keras: Any, defined: Mapping[str, Any]) -> dict[str, Any]:
    return {
        value.__name__: value
        for value in defined.values()
        if isinstance(value, type) and issubclass(value, keras.Layer)
    }


def _expect_some(classes: dict[str, Any], path: Path) -> dict[str, Any]:
    if not classes:
        raise ModelError("has no class of a Keras layer", path=path)
    return classes


def _registered(model: KerasModel, classes: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield ``package>Name`` with the class ``Name`` for what the file knows by such a name."""
    for layer in model.layers:
        for name in (layer.class_name, layer.registered or ""):
            package, _, own = name.rpartition(">")
            if package and own in classes:
                yield name, classes[own]
        if layer.model is not None:
            yield from _registered(layer.model, classes)


def _load(keras: Any, path: Path, classes: Mapping[str, Any]) -> Any:
    try:
        return keras.models.load_model(path, custom_objects=dict(classes), compile=False)
    except Exception as error:  # Keras raises whatever its layers do
        reason = str(error).strip().partition("\n")[0]
        raise ModelError(f"Keras cannot read it: {reason}", path=path) from error


def _vectorizer(model: Any) -> Any | None:
    return next((one for one in model.layers if type(one).__name__ == VECTORIZER), None)


def _with_live_ids(ids: Array, vectorizer: Any, texts: Sequence[str | None]) -> Array:
    """Return ``ids`` with those that Keras itself makes of the texts, which come first."""
    live = np.asarray(vectorizer([text for text in texts if text is not None]))
    return np.concatenate([live, ids[len(live) :]])


def _outputs(
    keras: Any, model: Any, inputs: Mapping[str, Array], origins: Mapping[Ref, Tensor]
) -> dict[Ref, Array]:
    if isinstance(model, keras.Sequential):
        answers = _layer_by_layer(model, next(iter(inputs.values())))
    else:
        answers = _at_once(keras, model, inputs, list(origins.values()))
    return {
        ref: keras.ops.convert_to_numpy(answers[tensor])
        for ref, tensor in origins.items()
        if tensor in answers
    }


def _layer_by_layer(model: Any, x: Any) -> dict[Tensor, Any]:
    answers: dict[Tensor, Any] = {}
    for layer in model.layers:
        if type(layer).__name__ == VECTORIZER:
            continue
        x = layer(x)
        shown = x if isinstance(x, list | tuple) else [x]
        answers.update({Tensor(layer.name, 0, i): value for i, value in enumerate(shown)})
    return answers


def _at_once(
    keras: Any, model: Any, inputs: Mapping[str, Array], wanted: Sequence[Tensor]
) -> dict[Tensor, Any]:
    """Run a model that shows all that ``wanted`` names."""
    operations = {operation.name: operation for operation in model.operations}
    symbols = [
        operations[tensor.layer]._inbound_nodes[tensor.call].output_tensors[tensor.output]
        for tensor in wanted
    ]
    starts = [_start(model, tensor) for tensor in model.inputs]
    shown = keras.Model(starts, symbols)([inputs[tensor.name] for tensor in model.inputs])
    return dict(zip(wanted, shown if isinstance(shown, list | tuple) else [shown], strict=True))


def _start(model: Any, given: Any) -> Any:
    """Return the tensor that takes an input: ids, where the model itself would take text."""
    vectorizer = _vectorizer(model)
    return vectorizer.output if vectorizer is not None and vectorizer.input is given else given
