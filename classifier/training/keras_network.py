"""The article's network in Keras: built, fitted, asked layer by layer, taken over to numpy."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from classifier.errors import ModelError
from classifier.network import Array, Network
from classifier.training.article_network import BATCH, EPOCHS, LENGTH, SIZE, SPEC, UNITS, WORDS
from classifier.training.fit import Epoch
from classifier.training.rows import Rows

_BACKENDS = ("torch", "tensorflow", "jax")


def import_keras() -> Any:
    """Return Keras on what its own settings say, else on what is installed; PyTorch on one core.

    Raises:
        ModelError: if it is not installed.
    """
    os.environ.setdefault("KERAS_BACKEND", _backend())
    try:
        keras = import_module("keras")
        if keras.backend.backend() == "torch":
            # So small arrays take many times as long when they are spread over the cores.
            import_module("torch").set_num_threads(1)
        return keras
    except ImportError as error:
        hint = "needs Keras, and PyTorch, TensorFlow or JAX: pip install 'newsieve[train]'"
        raise ModelError(f"{hint} ({error})") from error


def _backend() -> str:
    """Choose what Keras runs on where the environment does not.

    Keras writes its settings at its first start, whatever is there: they count only if what they
    name is installed.
    """
    installed = [name for name in _BACKENDS if find_spec(name) is not None]
    said = _configured()
    return said if said in installed else next(iter(installed), _BACKENDS[0])


def _configured() -> str | None:
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    try:
        said = json.loads((home / "keras.json").read_bytes())
    except (OSError, ValueError):  # Keras itself goes on without them
        return None
    return str(said.get("backend")) if isinstance(said, dict) else None


def keras_versions(keras: Any) -> dict[str, str]:
    """Return what a model of this Keras says of its framework."""
    return {"keras": str(keras.__version__), "backend": str(keras.backend.backend())}


def fit_rows(
    keras: Any,
    rows: Rows,
    *,
    words: int = WORDS,
    epochs: int = EPOCHS,
    seed: int = 1,
    held_out: Rows | None = None,
    on_epoch: Callable[[Epoch], None] | None = None,
) -> tuple[Any, tuple[Epoch, ...]]:
    """Return a network fitted to ``rows`` just as they are, and how its loss fell.

    Args:
        keras: the framework.
        rows: ids (rows, LENGTH), each below ``words``, labels and weights.
        words: size of the vocabulary.
        epochs: how often all rows are gone through.
        seed: of the first weights and the order of the rows.
        held_out: rows to tell the loss of after each epoch; not learned from.
        on_epoch: called after each epoch; what it raises ends the training.
    """
    keras.utils.set_random_seed(seed)
    model = _build(keras, words)
    model.compile(loss="binary_crossentropy", optimizer="adam")
    listener = _Listener(on_epoch)
    model.fit(
        rows.inputs["ids"],
        rows.labels,
        sample_weight=rows.weights,
        validation_data=None if held_out is None else (held_out.inputs["ids"], held_out.labels),
        epochs=epochs,
        batch_size=BATCH,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=listener.hear)],
        verbose=0,
    )
    return model, tuple(listener.history)


class _Listener:
    """Keeps what Keras tells of each epoch."""

    def __init__(self, on_epoch: Callable[[Epoch], None] | None) -> None:
        self.history: list[Epoch] = []
        self._on_epoch = on_epoch
        self._began = perf_counter()

    def hear(self, _number: int, losses: Mapping[str, float]) -> None:
        """Take the losses of an epoch."""
        ended = perf_counter()
        epoch = Epoch(losses["loss"], losses.get("val_loss"), ended - self._began)
        self.history.append(epoch)
        self._began = ended
        if self._on_epoch is not None:
            self._on_epoch(epoch)


def layer_outputs(keras: Any, model: Any, ids: Array) -> dict[str, Array]:
    """Return what every layer answers to rows of ids, by its name, in order."""
    outputs = {layer.name: layer.output for layer in model.layers if layer.name != "ids"}
    probe = keras.Model(model.inputs, list(outputs.values()))
    return dict(zip(outputs, map(np.asarray, probe.predict(ids, verbose=0)), strict=True))


def to_network(model: Any) -> Network:
    """Return the same network with its weights for numpy."""
    tensors: dict[str, Array] = {}
    for layer in SPEC.layers:
        weights = model.get_layer(layer.name).get_weights()
        tensors.update(zip(layer.weights.values(), weights, strict=True))
    return Network(SPEC, tensors)


def _build(keras: Any, words: int) -> Any:
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((LENGTH,), dtype="int32", name="ids"),
            layers.Embedding(words, SIZE, name="embedding"),
            layers.GlobalAveragePooling1D(name="average"),
            layers.Dense(UNITS, activation="relu", name="hidden"),
            layers.Dense(1, activation="sigmoid", name="score"),
        ]
    )
