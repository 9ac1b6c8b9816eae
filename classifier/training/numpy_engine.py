"""The engine that is always there: the article's network, fitted by numpy alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from classifier.importers.cases import baseline
from classifier.training.article_network import BATCH, SPEC, shapes
from classifier.training.fit import FitOptions, fit
from classifier.training.initial import initial_network
from classifier.training.orders import OnEpoch, Trained, TrainOptions
from classifier.training.rows import Rows


class NumpyEngine:
    """numpy. Its parity cases are a baseline: what newsieve itself answered."""

    def versions(self) -> Mapping[str, str]:
        """Return the version of numpy."""
        return {"numpy": np.__version__}

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
        fitted = fit(
            initial_network(SPEC, shapes(words), seed=options.seed),
            rows.inputs,
            rows.labels,
            FitOptions(options.epochs, BATCH, balance=options.balance, seed=options.seed),
            weights=rows.weights,
            held_out=None if held_out is None else (held_out.inputs, held_out.labels),
            on_epoch=on_epoch,
        )
        return Trained(fitted.network, fitted.history, baseline)
