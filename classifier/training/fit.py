"""Training by numpy alone: a network, rows and labels → the same network, fitted to them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np

from classifier.errors import BundleMismatch, ModelError
from classifier.network import Array, Network
from classifier.network.trimming import trimmable, trimmed
from classifier.training.balance import Balance, class_weights, upsampled
from classifier.training.batches import alike
from classifier.training.gradients import TrainingGraph
from classifier.training.objective import Objective
from classifier.training.optimizer import Adam, AdamOptions, clip
from classifier.training.rows import Inputs, Rows, read_rows

_SCORED_AT_ONCE = 256  # rows


@dataclass(frozen=True, slots=True)
class FitOptions:
    """How a network is fitted.

    Attributes:
        epochs: how often all rows are gone through, at most.
        batch_size: rows to a step.
        learning_rate: about how far a weight moves in one step.
        balance: how the rarer class comes to count as much as the other.
        patience: training ends after so many epochs that did not lower the loss on the
            held-out rows, and the best weights are kept; None: it goes on to the end and the
            last ones are.
        least_gain: by which share of itself the loss must fall for an epoch to count as one that
            lowered it; the best weights are kept in any case.
        weight_decay: share of each weight, times the learning rate, taken off it in each step.
        clip_norm: the largest common norm of all gradients in a step; None: any.
        alike: whether rows of about the same length are learned from together, which takes less
            time where the padding of ids counts nowhere; otherwise any are.
        frozen: names of tensors that stay as they are.
        frozen_rows: name of a tensor → indexes of its rows that stay as they are.
        seed: of the order of the rows, of those drawn again, and of dropout.

    Raises:
        ValueError: for a setting that means nothing.
    """

    epochs: int = 16
    batch_size: int = 32
    learning_rate: float = 1e-3
    balance: Balance = Balance.UPSAMPLE
    patience: int | None = None
    least_gain: float = 0.0
    weight_decay: float = 0.0
    clip_norm: float | None = None
    alike: bool = False
    frozen: frozenset[str] = frozenset()
    frozen_rows: Mapping[str, Sequence[int]] = field(default_factory=dict)
    seed: int = 1

    def __post_init__(self) -> None:
        counts = {"epochs": self.epochs, "batch_size": self.batch_size, "patience": self.patience}
        for name, count in counts.items():
            if count is not None and count < 1:
                raise ValueError(f"{name} is {count}: at least 1")
        for name, size in {
            "learning_rate": self.learning_rate,
            "clip_norm": self.clip_norm,
        }.items():
            if size is not None and not 0 < size < math.inf:
                raise ValueError(f"{name} is {size}: above 0")
        if not 0 <= self.least_gain < 1:
            raise ValueError(f"least_gain is {self.least_gain}: at least 0, below 1")
        if not 0 <= self.weight_decay < math.inf:
            raise ValueError(f"weight_decay is {self.weight_decay}: at least 0")


@dataclass(frozen=True, slots=True)
class Epoch:
    """One time through all rows.

    Attributes:
        loss: mean over the rows as they came, dropout and weights included.
        held_out_loss: mean over the held-out rows after it, as in scoring; None without any.
        seconds: how long it took.
    """

    loss: float
    held_out_loss: float | None
    seconds: float


@dataclass(frozen=True, eq=False, slots=True)
class Fitted:
    """What a training gave.

    Attributes:
        network: with the weights that were kept.
        history: the epochs in order, the last ones after the best if training ended early.
    """

    network: Network
    history: tuple[Epoch, ...]


def fit(
    network: Network,
    inputs: Inputs,
    labels: Array,
    options: FitOptions,
    *,
    weights: Array | None = None,
    held_out: tuple[Inputs, Array] | None = None,
    on_epoch: Callable[[Epoch], None] | None = None,
) -> Fitted:
    """Fit ``network`` to rows and their labels, beginning with the weights it has.

    The same arguments give the same weights, bit for bit. ``network`` itself stays as it is.

    Args:
        network: with one output: a probability a row, or the softmax of two classes.
        inputs: an array, or a dict of input name → array; rows of ids padded with 0.
        labels: (rows,), 0 good to 1 bad; what lies between is a teacher's probability.
        options: how.
        weights: (rows,), how much each row counts; None: all the same.
        held_out: inputs and labels of rows that are not learned from.
        on_epoch: called after each epoch; what it raises ends the training.

    Raises:
        UnsupportedLayer: for a layer that numpy cannot train.
        BundleMismatch: for inputs that the network cannot take.
        ModelError: for labels or weights that are none, for one class alone where both are
            to count the same, or if the training diverges.
    """
    if options.patience is not None and held_out is None:
        raise ValueError("patience needs held-out rows")
    training = _Training(network, options)
    rows = training.balanced(read_rows(network, inputs, labels, weights))
    unseen = None if held_out is None else read_rows(network, *held_out)
    best, history = _Best(options.least_gain), list[Epoch]()
    for number in range(1, options.epochs + 1):
        start = perf_counter()
        loss = training.learn(rows)
        held_out_loss = None if unseen is None else training.loss(unseen)
        training.expect_finite(number, loss)
        history.append(Epoch(loss, held_out_loss, perf_counter() - start))
        if on_epoch is not None:
            on_epoch(history[-1])
        if options.patience is not None and held_out_loss is not None:
            best.see(held_out_loss, training.tensors)
            if best.waited == options.patience:
                break
    kept = best.tensors or training.tensors
    return Fitted(Network(network.spec, kept, dtype=network.dtype), tuple(history))


class _Training:
    """A network on its way; nothing of it is shared with the one it began as."""

    def __init__(self, network: Network, options: FitOptions) -> None:
        self.tensors = {
            name: np.array(tensor, dtype=network.dtype, order="C")
            for name, tensor in network.tensors.items()
        }
        self._options = options
        self._objective = Objective.of(network)
        self._graph = TrainingGraph(
            self._objective.spec, self.tensors, self._objective.output, frozen=self._frozen()
        )
        if not self._graph.learning:
            raise ModelError("nothing can learn: every weight is frozen")
        learning = {name: self.tensors[name] for name in sorted(self._graph.learning)}
        self._adam = Adam(learning, AdamOptions(options.learning_rate, options.weight_decay))
        self._trimmable = trimmable(network)
        self._still = self._still_rows()
        self._random = np.random.default_rng(options.seed)

    def balanced(self, rows: Rows) -> Rows:
        """Return ``rows`` such that both classes count as the options say."""
        if self._options.balance is Balance.UPSAMPLE:
            return rows.take(upsampled(rows.labels, self._random))
        if self._options.balance is Balance.CLASS_WEIGHTS:
            return replace(rows, weights=class_weights(rows.labels, rows.weights))
        return rows

    def learn(self, rows: Rows) -> float:
        """Go through all rows once, in a new order, and return their mean loss."""
        total = 0.0
        with _unruly():
            for batch in map(rows.take, self._dealt(rows)):
                inputs = trimmed(batch.inputs, self._trimmable)
                output, backward = self._graph.forward(inputs, self._random)
                losses, slope = self._objective.loss(output, batch.labels)
                total += float(batch.weights @ losses)
                self._move(backward(slope * (batch.weights / len(batch))[:, None]))
        return total / len(rows)

    def _dealt(self, rows: Rows) -> list[Array]:
        """Return the indexes of ``rows`` in batches."""
        size, padded = self._options.batch_size, list(self._trimmable)
        if not self._options.alike or not padded:
            order = self._random.permutation(len(rows))
            return np.split(order, range(size, len(order), size))
        lengths = sum(np.count_nonzero(rows.inputs[name], axis=1) for name in padded)
        return alike(np.asarray(lengths), size, self._random)

    def loss(self, rows: Rows) -> float:
        """Return the mean loss of ``rows`` as the network scores them now."""
        total = 0.0
        with _unruly():
            for batch in rows.batches(_SCORED_AT_ONCE):
                output, _ = self._graph.forward(trimmed(batch.inputs, self._trimmable))
                losses, _ = self._objective.loss(output, batch.labels)
                total += float(batch.weights @ losses)
        return total / len(rows)

    def expect_finite(self, epoch: int, loss: float) -> None:
        """See that the training has not run away."""
        weights = self.tensors.values()
        if not (math.isfinite(loss) and all(np.isfinite(weight).all() for weight in weights)):
            raise ModelError(
                f"the training diverged at epoch {epoch} (loss {loss}): "
                "a lower learning rate or a limit to the gradient's norm may help"
            )

    def _move(self, gradients: dict[str, Array]) -> None:
        for name, (rows, _) in self._still.items():
            if name in gradients:
                gradients[name][rows] = 0
        if self._options.clip_norm is not None:
            gradients = clip(gradients, self._options.clip_norm)
        self._adam.step(gradients)
        for name, (rows, values) in self._still.items():
            self.tensors[name][rows] = values  # weight decay moved them

    def _frozen(self) -> frozenset[str]:
        """Lock the frozen tensors and return their names."""
        for name in self._options.frozen:
            if name not in self.tensors:
                raise BundleMismatch("frozen", sorted(self.tensors), name)
            self.tensors[name].flags.writeable = False
        return self._options.frozen

    def _still_rows(self) -> dict[str, tuple[Array, Array]]:
        """Return the indexes of the rows that stay as they are, and the rows, by tensor."""
        found: dict[str, tuple[Array, Array]] = {}
        for name, indexes in self._options.frozen_rows.items():
            rows = np.asarray(indexes, dtype=np.int64)
            size = len(self.tensors[name]) if name in self._graph.learning else 0
            if rows.size and not 0 <= rows.min() <= rows.max() < size:
                raise BundleMismatch("frozen_rows", f"rows of a tensor that learns, {size}", name)
            found[name] = (rows, self.tensors[name][rows])
        return found


class _Best:
    """The weights with the lowest loss on the held-out rows so far."""

    def __init__(self, least_gain: float) -> None:
        self.tensors: dict[str, Array] | None = None
        self.waited = 0
        self._loss = math.inf
        self._beaten = math.inf
        self._share = 1 - least_gain

    def see(self, loss: float, tensors: Mapping[str, Array]) -> None:
        """Keep a copy of ``tensors`` if they are better; count how long none were."""
        self.waited += 1
        if loss < self._share * self._beaten:
            self._beaten, self.waited = loss, 0
        if loss < self._loss:
            self._loss = loss
            self.tensors = {name: tensor.copy() for name, tensor in tensors.items()}


def _unruly() -> np.errstate:
    """What overflows is seen in the loss; a warning on the way helps nobody."""
    return np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore")
