"""The networks in Keras: functional models of its own layers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from classifier.bundle import ModelBundle
from classifier.importers.keras import import_keras, record_keras
from classifier.importers.torch.state import import_torch_package
from classifier.network import Array
from classifier.text import TextPipeline
from classifier.training.crossval.designs import (
    FEATURES,
    IDS,
    NO_EPSILON,
    SCORE,
    WINDOW,
    Kind,
    Layer,
)
from classifier.training.crossval.learner import PREDICTED, Inputs, Plan, expect_parity
from classifier.training.crossval.torch_learner import only_deterministic
from classifier.training.keras_network import import_keras as import_framework
from classifier.training.keras_network import keras_versions


class KerasWorkshop:
    """Keras, on whatever it runs on.

    Raises:
        ModelError: if it is not installed.
    """

    def __init__(self) -> None:
        self._keras = import_framework()

    @property
    def versions(self) -> Mapping[str, str]:
        """The version of Keras and what it runs on."""
        return keras_versions(self._keras)

    @contextmanager
    def deterministic(self) -> Iterator[None]:
        """Refuse whatever would not give the same numbers again, where Keras runs on PyTorch."""
        if self._keras.backend.backend() != "torch":
            yield
            return
        with only_deterministic(import_torch_package()):
            yield

    def begin(self, plan: Plan) -> KerasLearner:
        """Return a new network."""
        self._keras.utils.set_random_seed(plan.seed)
        return KerasLearner(self._keras, plan)


class KerasLearner:
    """One network in Keras."""

    def __init__(self, keras: Any, plan: Plan) -> None:
        self._model = _build(keras, plan)
        self._adam = keras.optimizers.Adam(global_clipnorm=plan.clip)
        self._model.compile(loss="binary_crossentropy", optimizer=self._adam)

    def learn(self, inputs: Inputs, labels: Array, rate: float) -> float:
        """Take one step on a batch at this learning rate; return the loss before it."""
        self._adam.learning_rate = rate
        self._model.reset_metrics()  # or the loss would be the mean since the first batch
        wanted = labels[:, None].astype(np.float32)
        return float(self._model.train_on_batch(dict(inputs), wanted))

    def score(self, inputs: Inputs) -> Array:
        """Return the score of each row, in double precision."""
        found = self._model.predict(dict(inputs), batch_size=PREDICTED, verbose=0)
        scores: Array = found[:, 0].astype(np.float64)
        return scores

    def to_bundle(self, text: TextPipeline) -> ModelBundle:
        """Return the network as ``import_keras`` takes it over, compared with Keras."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "model.keras")
            self._model.save(path)
            return expect_parity(record_keras(path, import_keras(path, text=text)))


def _build(keras: Any, plan: Plan) -> Any:
    values = {IDS: keras.Input((plan.design.length,), dtype="int32", name=IDS)}
    if plan.feature_count:
        values[FEATURES] = keras.Input((plan.feature_count,), dtype="float32", name=FEATURES)
    inputs = dict(values)
    for layer in plan.design.layers:
        read = [values[name] for name in layer.reads]
        values |= _MAKERS[layer.kind](keras.layers, layer, read, plan)
    return keras.Model(inputs, values[SCORE])


Maker = Callable[[Any, Layer, Sequence[Any], Plan], Mapping[str, Any]]
"""What a layer makes of what it reads, by name."""


def _plain(make: Callable[[Any, Layer], Any]) -> Maker:
    """Return the maker of a layer that reads one thing and gives one."""
    return lambda layers, layer, read, _plan: {layer.name: make(layers, layer)(read[0])}


def _embedding(layers: Any, layer: Layer, read: Sequence[Any], plan: Plan) -> Mapping[str, Any]:
    made = layers.Embedding(*plan.table.shape, trainable=not plan.frozen, name=layer.name)
    given = made(read[0])
    made.set_weights([plan.table])
    return {layer.name: given}


def _recurrent(layers: Any, layer: Layer, read: Sequence[Any], _plan: Plan) -> Mapping[str, Any]:
    kind = {Kind.LSTM: layers.LSTM, Kind.GRU: layers.GRU}[layer.kind]
    name = f"{layer.name}_one_way" if layer.both else layer.name
    made = kind(layer.units, return_sequences=True, return_state=True, name=name)
    if not layer.both:
        sequence, state, *_ = made(read[0])
        return {layer.name: sequence, f"{layer.name}:h": state}
    sequence, *states = layers.Bidirectional(made, name=layer.name)(read[0])
    last = [states[0], states[len(states) // 2]]  # of an LSTM each h has its c beside it
    joined = layers.Concatenate(name=f"{layer.name}_last")(last)
    return {layer.name: sequence, f"{layer.name}:h": joined}


def _join(layers: Any, layer: Layer, read: Sequence[Any], _plan: Plan) -> Mapping[str, Any]:
    return {layer.name: layers.Concatenate(name=layer.name)(read)}


def _standard(layers: Any, layer: Layer, read: Sequence[Any], plan: Plan) -> Mapping[str, Any]:
    made = layers.BatchNormalization(
        center=False, scale=False, epsilon=NO_EPSILON, trainable=False, name=layer.name
    )
    given = made(read[0])
    made.set_weights(list(plan.moments(layer)))
    return {layer.name: given}


def _activation(layer: Layer) -> str:
    return "relu" if layer.relu else "linear"


_MAKERS: Mapping[Kind, Maker] = {
    Kind.EMBEDDING: _embedding,
    Kind.CHANNEL_DROPOUT: _plain(
        lambda layers, layer: layers.SpatialDropout1D(layer.rate, name=layer.name)
    ),
    Kind.LSTM: _recurrent,
    Kind.GRU: _recurrent,
    Kind.CONVOLUTION: _plain(
        lambda layers, layer: layers.Conv1D(
            layer.units, WINDOW, activation=_activation(layer), name=layer.name
        )
    ),
    Kind.AVERAGE: _plain(lambda layers, layer: layers.GlobalAveragePooling1D(name=layer.name)),
    Kind.MAXIMUM: _plain(lambda layers, layer: layers.GlobalMaxPooling1D(name=layer.name)),
    Kind.JOIN: _join,
    Kind.DENSE: _plain(
        lambda layers, layer: layers.Dense(
            layer.units, activation=_activation(layer), name=layer.name
        )
    ),
    Kind.DROPOUT: _plain(lambda layers, layer: layers.Dropout(layer.rate, name=layer.name)),
    Kind.STANDARD: _standard,
    Kind.SIGMOID: _plain(lambda layers, layer: layers.Activation("sigmoid", name=layer.name)),
}
