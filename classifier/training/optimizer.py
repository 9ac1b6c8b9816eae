"""Adam: each weight takes steps of about the same length, whatever the size of its gradient."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from classifier.network import Array

_CHUNK = 1 << 16
"""Values at a time: few enough to stay in a processor's cache from one operation to the next."""

_TIDY_EVERY = 100
_NEGLIGIBLE = 1e-30


@dataclass(frozen=True, slots=True)
class AdamOptions:
    """How Adam moves (Kingma and Ba, 2015), with the defaults of Keras.

    Attributes:
        learning_rate: about how far a weight moves in one step.
        weight_decay: share of each weight, times the learning rate, that is taken off it in
            each step beside the gradient (Loshchilov and Hutter, 2019).
        beta1: how much of the mean gradient is left after a step.
        beta2: how much of the mean squared gradient is left.
        epsilon: added to its root, before the correction for the first steps, as Keras does.
    """

    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-7


class Adam:
    """Moves weights in place, step by step.

    Attributes:
        means: the mean gradient of each weight, by name, newer ones counting more.
    """

    def __init__(self, weights: Mapping[str, Array], options: AdamOptions) -> None:
        """Begin with means of 0 for ``weights``, by name, all of them contiguous."""
        self._options = options
        self._steps = 0
        self._weights = {name: weight.reshape(-1) for name, weight in weights.items()}
        self.means = {name: np.zeros_like(flat) for name, flat in self._weights.items()}
        self._squares = {name: np.zeros_like(flat) for name, flat in self._weights.items()}

    def step(self, gradients: Mapping[str, Array]) -> None:
        """Move every weight against its gradient; a weight without one is not moved."""
        self._steps += 1
        for name, gradient in gradients.items():
            flat = gradient.reshape(-1)
            for start in range(0, len(flat), _CHUNK):
                part = slice(start, start + _CHUNK)
                self._move(name, part, flat[part])
        if self._steps % _TIDY_EVERY == 0:
            self._tidy()

    def _move(self, name: str, part: slice, gradient: Array) -> None:
        options, weight = self._options, self._weights[name][part]
        mean, square = self.means[name][part], self._squares[name][part]
        if options.weight_decay:
            weight *= 1 - options.learning_rate * options.weight_decay
        mean *= options.beta1
        scratch = gradient * (1 - options.beta1)
        mean += scratch
        square *= options.beta2
        np.multiply(gradient, gradient, out=scratch)
        scratch *= 1 - options.beta2
        square += scratch
        np.sqrt(square, out=scratch)
        scratch += options.epsilon
        np.divide(mean, scratch, out=scratch)
        scratch *= self._rate()
        weight -= scratch

    def _rate(self) -> float:
        """Return the learning rate, corrected for means that began with 0."""
        options = self._options
        grown = math.sqrt(1 - options.beta2**self._steps) / (1 - options.beta1**self._steps)
        return options.learning_rate * grown

    def _tidy(self) -> None:
        """Forget what moves no weight any more.

        The mean of a word that does not come again fades to numbers so small that a processor
        takes a hundred times as long for each.
        """
        for mean in self.means.values():
            mean[np.abs(mean) < _NEGLIGIBLE] = 0


def clip(gradients: Mapping[str, Array], norm: float) -> dict[str, Array]:
    """Return ``gradients`` scaled down together, so that their common norm is at most ``norm``."""
    total = math.sqrt(sum(float(np.vdot(one, one)) for one in gradients.values()))
    if not total > norm:
        return dict(gradients)
    return {name: one * one.dtype.type(norm / total) for name, one in gradients.items()}
