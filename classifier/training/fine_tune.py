"""Fine-tuning: a model, what it learned from, and new labels → the weights that heed both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from classifier.errors import ModelError
from classifier.grids import on_grid
from classifier.network import Array, Network
from classifier.training.balance import Balance
from classifier.training.fit import Epoch, FitOptions, fit
from classifier.training.gradients import TrainingGraph
from classifier.training.material import CANNOT, Measured, scores_of
from classifier.training.narrowing import narrowed
from classifier.training.objective import Objective

_FINE = FitOptions(
    epochs=40,
    batch_size=32,
    learning_rate=1.5e-3,
    balance=Balance.NONE,
    patience=2,
    least_gain=0.01,
    clip_norm=1.0,
    alike=True,
)


@dataclass(frozen=True, slots=True)
class TuneOptions:
    """How a model learns from operators.

    Attributes:
        fit: the steps. The classes stay as they come: the base data keep them in balance.
        label_share: the operators' labels together weigh this share of the base data …
        heaviest_label: … but none more than so many rows of it, and none less than one.
        trust: what a row of base data teaches is the mean of its label, which weighs this, and
            of what the model answers to it: so it stays as sure as it was of all else.
        watched_share: of what is learned from, this share only tells when to stop, and how far
            to go.
        ways: how far the weights may go from where they began to where they were fitted to, the
            shortest first.
        spoilt_share: a way is harmless if it makes wrong no more than this share of the watched
            base data, of rows that were right.
        heeded_share: of the harmless ways the shortest is gone that makes right this share of the
            operators' labels that the longest does; if none is harmless, the shortest of all.
    """

    fit: FitOptions = _FINE
    label_share: float = 0.25
    heaviest_label: float = 10.0
    trust: float = 0.25
    watched_share: float = 0.2
    ways: tuple[float, ...] = tuple(tenths / 10 for tenths in range(1, 11))
    spoilt_share: float = 0.01
    heeded_share: float = 0.98

    def label_weight(self, labels: int, base: int) -> float:
        """Return how many rows of base data each of ``labels`` counts as."""
        equal = self.label_share * base / max(labels, 1)
        return float(min(max(equal, 1.0), self.heaviest_label))


@dataclass(frozen=True, eq=False, slots=True)
class Tuned:
    """What fine-tuning gave.

    Attributes:
        network: with the weights that were kept.
        history: the epochs in order.
        way: how far they went from where they began to where they were fitted to, 0 to 1.
    """

    network: Network
    history: tuple[Epoch, ...]
    way: float


def expect_trainable(network: Network) -> None:
    """See that numpy can train ``network``.

    Raises:
        ModelError: naming the layer that it cannot.
    """
    try:
        objective = Objective.of(network)
        TrainingGraph(objective.spec, network.tensors, objective.output)
    except ModelError as error:
        raise ModelError(f"{CANNOT}: {error}") from error


def fine_tune(
    network: Network,
    base: Measured,
    imported: Measured,
    taught: Measured,
    options: TuneOptions,
    *,
    threshold: float,
    on_epoch: Callable[[Epoch], None] | None = None,
) -> Tuned:
    """Fit ``network`` to the operators' labels without forgetting the base data.

    A table that lies on a grid stays as it is, and so as small: what it moves by in a few epochs
    is less than a step of its grid. All else learns to read it.

    Args:
        network: where learning begins; it stays as it is.
        base: what it learned from.
        imported: labelled texts from elsewhere; each counts like a row of base data.
        taught: the operators' labels.
        options: how.
        threshold: above which a text is called bad.
        on_epoch: called after each epoch; what it raises ends the training.

    Raises:
        ModelError: if the training diverges.
    """
    read = narrowed(network, np.concatenate([base.ids, imported.ids, taught.ids]))
    base, imported, taught = (
        Measured(read.ids_of(rows.ids), rows.labels) for rows in (base, imported, taught)
    )
    first = read.network
    kept = options.trust * base.labels + (1 - options.trust) * scores_of(first, base.ids)
    weight = options.label_weight(len(taught), len(base))
    ids = np.concatenate([base.ids, imported.ids, taught.ids])
    labels = np.concatenate([kept, imported.labels, taught.labels])
    weights = np.ones(len(labels))
    weights[len(labels) - len(taught) :] = weight
    watched = _watched((len(base) + len(imported), len(taught)), options)
    # The loss that is watched knows no weights: a row that weighs more comes more often.
    often = np.repeat(np.flatnonzero(watched), np.rint(weights[watched]).astype(np.int64))
    often = often[np.argsort(np.count_nonzero(ids[often], axis=1), kind="stable")]
    fitted = fit(
        first,
        ids[~watched],
        labels[~watched],
        replace(options.fit, frozen=options.fit.frozen | on_grid(network.tensors)),
        weights=weights[~watched],
        held_out=(ids[often], labels[often]),
        on_epoch=on_epoch,
    )
    seen = watched[: len(base)]
    trial = _Trial(first, fitted.network, threshold)
    way = trial.way(Measured(base.ids[seen], base.labels[seen]), taught, options)
    return Tuned(read.widened(trial.at(way)), fitted.history, way)


@dataclass(frozen=True, eq=False, slots=True)
class _Trial:
    """A network before and after it was fitted, and what lies between."""

    first: Network
    fitted: Network
    threshold: float

    def way(self, base: Measured, taught: Measured, options: TuneOptions) -> float:
        """Return how far to go: what is gained is gained with as little else changed."""
        most = options.spoilt_share * len(base)
        right = self._right(self.first, base)
        spoilt = {
            way: int((right & ~self._right(self.at(way), base)).sum()) for way in options.ways
        }
        harmless = [way for way in options.ways if spoilt[way] <= most]
        if not harmless:
            return options.ways[0]
        heeded = {way: int(self._right(self.at(way), taught).sum()) for way in harmless}
        enough = options.heeded_share * heeded[harmless[-1]]
        return next(way for way in harmless if heeded[way] >= enough)

    def at(self, way: float) -> Network:
        """Return the network with weights on the straight line between those of both.

        It keeps most of what was learned and forgets less: Wortsman et al., Robust fine-tuning
        of zero-shot models (2022, arXiv:2109.01903).
        """
        tensors = {
            name: (tensor + way * (self.fitted.tensors[name] - tensor)).astype(tensor.dtype)
            for name, tensor in self.first.tensors.items()
        }
        return Network(self.fitted.spec, tensors, dtype=self.fitted.dtype)

    def _right(self, network: Network, rows: Measured) -> Array:
        right: Array = (scores_of(network, rows.ids) > self.threshold) == (rows.labels == 1)
        return right


def _watched(counts: tuple[int, ...], options: TuneOptions) -> Array:
    """Return which rows are watched: the same share of each part."""
    random = np.random.default_rng(options.fit.seed)
    parts = []
    for count in counts:
        part = np.zeros(count, dtype=bool)
        part[random.permutation(count)[: round(count * options.watched_share)]] = True
        parts.append(part)
    return np.concatenate(parts)
