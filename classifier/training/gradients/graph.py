"""A network that learns: what it answers to a batch, and how the loss grows with its weights."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from classifier.network import Array, GraphSpec, Layer, LayerSpec, Ref
from classifier.network.masking import MASKS
from classifier.network.registry import build_layer
from classifier.network.spec import reference
from classifier.training.gradients import (
    convolution,
    dropout,
    elementwise,
    merging,
    normalization,
    pooling,
    weighted,
)
from classifier.training.gradients.step import Backward, Forward, Given, StepBuilder
from classifier.training.gradients.untrainable import untrainable

_STEPS: Mapping[str, StepBuilder] = {
    **weighted.STEPS,
    **elementwise.STEPS,
    **pooling.STEPS,
    **convolution.STEPS,
    **merging.STEPS,
    **normalization.STEPS,
    **dropout.STEPS,
}

WeightGradients = Callable[[Array], dict[str, Array]]
"""How the loss grows with the output → how it grows with each weight that learns, by name."""


@dataclass(frozen=True, eq=False, slots=True)
class _Fixed:
    """A layer before all that learns: it answers in training as it does in scoring."""

    spec: LayerSpec
    layer: Layer


@dataclass(frozen=True, eq=False, slots=True)
class _Step:
    """A layer that is otherwise in training; ``passed`` if the gradient goes through it."""

    spec: LayerSpec
    forward: Forward
    passed: bool


class TrainingGraph:
    """The layers on the way to one output, forward and back.

    Only what depends on a weight that learns needs a way back: all before it, of whatever
    kind, runs as in scoring.

    Attributes:
        tensors: the weights by name; whoever changes one in place changes the network.
        learning: names of those that follow the gradient.
    """

    def __init__(
        self,
        spec: GraphSpec,
        tensors: Mapping[str, Array],
        output: Ref,
        *,
        frozen: Collection[str] = (),
    ) -> None:
        """Find out what learns.

        Args:
            spec: of a network that runs, each activation a layer of its own.
            tensors: of one floating-point type; used as they are, not copied.
            output: what the loss is taken of.
            frozen: names of tensors that stay as they are.

        Raises:
            UnsupportedLayer: for a layer that the gradient would have to pass and cannot.
        """
        self.tensors = dict(tensors)
        self._dtype = next(iter(tensors.values())).dtype
        self._output = output
        self._frozen = frozenset(frozen)
        self._moving: set[Ref] = set()
        self._steps = [self._step(layer) for layer in _before(spec, output)]
        self.learning = frozenset(
            name for step in self._steps for name in self._learning_tensors(step.spec)
        )

    def forward(
        self, inputs: Mapping[Ref, Array], random: np.random.Generator | None = None
    ) -> tuple[Array, WeightGradients]:
        """Return the output for a batch, and the way back from it.

        Args:
            inputs: every input by name, as ``read_inputs`` gives them.
            random: what dropout is drawn from; None: as in scoring.

        Raises:
            BundleMismatch: for an id out of range.
        """
        values = dict(inputs)
        way: list[tuple[LayerSpec, Backward]] = []
        for step in self._steps:
            given = self._given(step.spec, values, random)
            if isinstance(step, _Fixed):
                outputs = step.layer(given.inputs, given.mask)
            else:
                output, backward = step.forward(given)
                outputs = (output,)
                way += [(step.spec, backward)] if step.passed else []
            values.update(self._numbered(step.spec.name, outputs))
        return values[self._output], lambda slope: self._gradients(way, slope)

    def _gradients(self, way: list[tuple[LayerSpec, Backward]], slope: Array) -> dict[str, Array]:
        slopes = {self._output: slope}
        found: dict[str, Array] = {}
        for spec, backward in reversed(way):
            if (own := slopes.pop(spec.name, None)) is None:
                continue  # only a mask was made of it
            gradients = backward(own)
            for name, gradient in zip(spec.inputs, gradients.inputs, strict=True):
                if name in self._moving and gradient is not None:
                    _add(slopes, name, gradient)
            for role, gradient in gradients.weights.items():
                if spec.weights[role] in self.learning:
                    _add(found, spec.weights[role], gradient)
        return found

    def _step(self, spec: LayerSpec) -> _Fixed | _Step:
        weights = {role: self.tensors[name] for role, name in spec.weights.items()}
        layer = build_layer(spec, weights)
        passed = spec.kind not in MASKS and (
            not self._moving.isdisjoint(spec.inputs) or bool(self._learning_tensors(spec))
        )
        if not passed and not dropout.drops_out(spec) and not self._follows(spec):
            return _Fixed(spec, layer)
        if spec.kind not in _STEPS:
            raise untrainable(spec)
        if passed:
            self._moving.add(spec.name)
        return _Step(spec, _STEPS[spec.kind](spec, layer), passed)

    def _learning_tensors(self, spec: LayerSpec) -> list[str]:
        return [
            name
            for role, name in spec.weights.items()
            if role not in normalization.MOVING and name not in self._frozen
        ]

    def _follows(self, spec: LayerSpec) -> bool:
        moving = {spec.weights[role] for role in normalization.MOVING if role in spec.weights}
        return bool(moving - self._frozen)

    def _given(
        self, spec: LayerSpec, values: Mapping[Ref, Array], random: np.random.Generator | None
    ) -> Given:
        return Given(
            inputs=[values[name] for name in spec.inputs],
            weights={role: self.tensors[name] for role, name in spec.weights.items()},
            mask=None if spec.mask is None else values[spec.mask],
            random=random,
        )

    def _numbered(self, name: str, outputs: tuple[Array, ...]) -> dict[Ref, Array]:
        return {
            reference(name, i): output.astype(self._dtype, copy=False)
            if output.dtype.kind == "f"
            else output
            for i, output in enumerate(outputs)
        }


def _before(spec: GraphSpec, output: Ref) -> list[LayerSpec]:
    """Return the layers that ``output`` depends on, in order."""
    names = {layer.name for layer in spec.layers}
    needed, found = {output}, []
    for layer in reversed(spec.layers):
        if layer.name in {ref if ref in names else ref.rpartition(":")[0] for ref in needed}:
            found.append(layer)
            needed.update(layer.inputs if layer.mask is None else (*layer.inputs, layer.mask))
    return found[::-1]


def _add(slopes: dict[str, Array], name: str, slope: Array) -> None:
    """Add to what is there; the arrays themselves may be somebody else's and stay."""
    slopes[name] = slopes[name] + slope if name in slopes else slope
