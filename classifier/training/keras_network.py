"""The article's network in Keras: built, fitted, asked layer by layer, taken over to numpy."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import numpy as np

from classifier.errors import ModelError
from classifier.network import Array, Network
from classifier.training.article_network import (
    ARCHITECTURE,
    BATCH,
    EPOCHS,
    LENGTH,
    SIZE,
    SPEC,
    UNITS,
    WORDS,
)

__all__ = [
    "ARCHITECTURE",
    "LENGTH",
    "SIZE",
    "UNITS",
    "WORDS",
    "fit",
    "fit_rows",
    "import_keras",
    "keras_versions",
    "layer_outputs",
    "predict",
    "to_network",
]


def import_keras() -> Any:
    """Return Keras, on PyTorch unless the environment says otherwise; PyTorch on one core.

    Raises:
        ModelError: if it is not installed.
    """
    os.environ.setdefault("KERAS_BACKEND", "torch")
    try:
        keras = import_module("keras")
        if keras.backend.backend() == "torch":
            # So small arrays take many times as long when they are spread over the cores.
            import_module("torch").set_num_threads(1)
        return keras
    except ImportError as error:
        hint = "training needs Keras and PyTorch: pip install 'newsieve[train]'"
        raise ModelError(f"{hint} ({error})") from error


def keras_versions(keras: Any) -> dict[str, str]:
    """Return what a model of this Keras says of its framework."""
    return {"keras": str(keras.__version__), "backend": str(keras.backend.backend())}


def fit(keras: Any, ids: Array, labels: Array, seed: int) -> Any:
    """Return a network fitted to rows of ids and their labels.

    Bad rows are rarer: they are drawn again until there are as many as good ones.
    """
    rows = _balanced(labels, seed)
    return fit_rows(keras, ids[rows], labels[rows], seed)


def fit_rows(
    keras: Any,
    ids: Array,
    labels: Array,
    seed: int,
    *,
    words: int = WORDS,
    weights: Array | None = None,
) -> Any:
    """Return a network fitted to rows of ids just as they are.

    Args:
        keras: the framework.
        ids: (rows, LENGTH), each below ``words``.
        labels: 0 or 1 for each row.
        seed: of the first weights and the order of the rows.
        words: size of the vocabulary.
        weights: how much each row counts; None: all the same.
    """
    keras.utils.set_random_seed(seed)
    model = _build(keras, words)
    model.compile(loss="binary_crossentropy", optimizer="adam")
    model.fit(ids, labels, sample_weight=weights, epochs=EPOCHS, batch_size=BATCH, verbose=0)
    return model


def predict(model: Any, ids: Array) -> Array:
    """Return the score of each row of ids, in double precision."""
    scores: Array = model.predict(ids, verbose=0)[:, 0].astype(np.float64)
    return scores


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


def _balanced(labels: Array, seed: int) -> Array:
    good, bad = np.flatnonzero(labels == 0), np.flatnonzero(labels == 1)
    rare, common = sorted((good, bad), key=len)
    again = np.random.default_rng(seed).choice(rare, len(common) - len(rare))
    return np.concatenate([common, rare, again])
