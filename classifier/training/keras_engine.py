"""The engine of the extra ``train``: the article's network, fitted by Keras."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from classifier.bundle import ModelBundle
from classifier.importers.cases import case_inputs
from classifier.parity import ParityCases
from classifier.training import keras_network
from classifier.training.balance import Balance, class_weights, upsampled
from classifier.training.orders import OnEpoch, Trained, TrainOptions
from classifier.training.rows import Rows


class KerasEngine:
    """Keras. Its parity cases are what Keras itself answered.

    Raises:
        ModelError: if it is not installed.
    """

    def __init__(self) -> None:
        self._keras = keras_network.import_keras()

    def versions(self) -> Mapping[str, str]:
        """Return the version of Keras, and what it computes with."""
        return keras_network.keras_versions(self._keras)

    def fit(
        self,
        rows: Rows,
        words: int,
        options: TrainOptions,
        *,
        held_out: Rows | None = None,
        on_epoch: OnEpoch | None = None,
    ) -> Trained:
        """Return a network fitted to ``rows``, see ``Engine``."""
        model, history = keras_network.fit_rows(
            self._keras,
            _balanced(rows, options),
            words=words,
            epochs=options.epochs,
            seed=options.seed,
            held_out=held_out,
            on_epoch=on_epoch,
        )
        record = partial(_asked, self._keras, model)
        return Trained(keras_network.to_network(model), history, record)


def _balanced(rows: Rows, options: TrainOptions) -> Rows:
    if options.balance is Balance.UPSAMPLE:
        return rows.take(upsampled(rows.labels, np.random.default_rng(options.seed)))
    if options.balance is Balance.CLASS_WEIGHTS:
        return replace(rows, weights=class_weights(rows.labels, rows.weights))
    return rows


def _asked(keras: Any, model: Any, bundle: ModelBundle) -> ParityCases:
    """Return what every layer of ``model`` answers to the cases of ``bundle``."""
    texts, inputs = case_inputs(bundle)
    return ParityCases(texts, inputs, keras_network.layer_outputs(keras, model, inputs["ids"]))
