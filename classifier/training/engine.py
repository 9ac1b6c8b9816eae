"""What fits a network: numpy, always there, or Keras, which comes with an extra."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from classifier.training.keras_engine import KerasEngine
from classifier.training.numpy_engine import NumpyEngine
from classifier.training.orders import EngineName, OnEpoch, Trained, TrainOptions
from classifier.training.rows import Rows


class Engine(Protocol):
    """Fits the article's network; the same arguments give the same weights."""

    def versions(self) -> Mapping[str, str]:
        """Return the names and versions of what it is made of."""

    def fit(
        self,
        rows: Rows,
        words: int,
        options: TrainOptions,
        *,
        held_out: Rows | None = None,
        on_epoch: OnEpoch | None = None,
    ) -> Trained:
        """Return a network fitted to ``rows``.

        Args:
            rows: ids below ``words``, labels, and how much each row counts.
            words: rows of the table.
            options: epochs, balance and seed count here.
            held_out: rows to tell the loss of after each epoch; not learned from.
            on_epoch: called after each epoch; what it raises ends the training.
        """


def open_engine(name: EngineName) -> Engine:
    """Return the engine of this name.

    Raises:
        ModelError: if what it needs is not installed.
    """
    return KerasEngine() if name is EngineName.KERAS else NumpyEngine()
