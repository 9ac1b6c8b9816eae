"""Bidirectional: a recurrent layer forwards, one backwards, and what is made of the two."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from classifier.errors import BundleMismatch
from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import Options
from classifier.network.recurrent import KINDS, Recurrent, read_recurrent
from classifier.network.spec import LayerSpec, Shape

Merge = Callable[[Array, Array], Array]
_Input = TypeVar("_Input")

_MERGES: Mapping[str, Merge] = {
    "concat": lambda forward, backward: np.concatenate([forward, backward], axis=-1),
    "sum": np.add,
    "ave": lambda forward, backward: (forward + backward) / 2,
    "mul": np.multiply,
}
_SHOWN = ("return_sequences", "return_state")
_DIRECTIONS = ("forward", "backward")


@dataclass(frozen=True, eq=False, slots=True)
class Bidirectional:
    """Input, and the initial states of both layers if any → the outputs merged, then the states.

    Without a merge both outputs are given. The sequence of the backward layer is turned, so
    that a step stands beside the same step; its last output is the one after the first step.
    States, initial and last, are those of the forward layer, then those of the backward one.
    """

    name: str
    forward: Recurrent
    backward: Recurrent
    merge: Merge | None

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> Bidirectional:
        """Return the layer; weights: those of the two layers, as ``forward_kernel``…"""
        _expect_roles(spec, weights)
        with Options(spec, masked=True) as options:
            merge = _read_merge(options)
            kind = options.choice("layer", "", KINDS)
            shown = {key: options.flag(key, False) for key in _SHOWN}
            forward, backward = (
                _read_child(spec, options, direction, kind, shown, weights)
                for direction in _DIRECTIONS
            )
        _expect_pair(spec.name, forward, backward, merge)
        return cls(spec.name, forward, backward, merge)

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return the shape of the merged output, or of both, then those of the states."""
        forward, backward = self._halves(shapes)
        one, *states = self.forward.shape(forward)
        other, *more = self.backward.shape(backward)
        if self.merge is None:
            outputs = [one, other]
        elif self.merge is _MERGES["concat"]:
            outputs = [(*one[:-1], self.forward.units + self.backward.units)]
        else:
            outputs = [one]
        return (*outputs, *states, *more)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the output, or both, then the states if they are asked for.

        Raises:
            BundleMismatch: for no steps at all, or a mask of other rows or steps.
        """
        forward, backward = self._halves(inputs)
        one, *states = self.forward(forward, mask)
        other, *more = self.backward(backward, mask)
        if self.backward.sequences:
            other = other[:, ::-1]
        outputs = (one, other) if self.merge is None else (self.merge(one, other),)
        return (*outputs, *states, *more)

    def _halves(self, inputs: Sequence[_Input]) -> tuple[list[_Input], list[_Input]]:
        x, *initial = inputs
        half, odd = divmod(len(initial), 2)
        if odd:
            expected = "initial states for both layers"
            raise BundleMismatch(f"{self.name}: inputs", expected, f"{len(initial)} of them")
        return [x, *initial[:half]], [x, *initial[half:]]


def _read_merge(options: Options) -> Merge | None:
    if options.value("merge_mode", "concat") is None:
        return None
    return _MERGES[options.choice("merge_mode", "concat", list(_MERGES))]


def _read_child(
    spec: LayerSpec,
    options: Options,
    direction: str,
    kind: str,
    shown: Mapping[str, bool],
    weights: Mapping[str, Array],
) -> Recurrent:
    config = options.value(direction, {})
    if not isinstance(config, Mapping):
        options.refuse(direction)
    own = {"go_backwards": direction == "backward"}
    child = LayerSpec(
        f"{spec.name}/{direction}", kind, spec.inputs, {**own, **shown, **config}, mask=spec.mask
    )
    prefix = f"{direction}_"
    roles = {role[len(prefix) :]: role for role in weights if role.startswith(prefix)}
    return read_recurrent(
        child,
        {own_role: weights[role] for own_role, role in roles.items()},
        zero_masked=shown["return_sequences"],
    )


def _expect_roles(spec: LayerSpec, weights: Mapping[str, Array]) -> None:
    for role in weights:
        if not role.startswith(tuple(f"{direction}_" for direction in _DIRECTIONS)):
            expected = "weights of the forward or the backward layer"
            raise BundleMismatch(f"{spec.name}: weights", expected, role)


def _expect_pair(name: str, forward: Recurrent, backward: Recurrent, merge: Merge | None) -> None:
    if forward.backwards == backward.backwards:
        raise BundleMismatch(f"{name}: go_backwards", "one layer each way", forward.backwards)
    one, other = (forward.sequences, forward.states), (backward.sequences, backward.states)
    if one != other:
        raise BundleMismatch(f"{name}: return_sequences, return_state", one, other)
    if merge not in (None, _MERGES["concat"]) and forward.units != backward.units:
        raise BundleMismatch(f"{name}: units", forward.units, backward.units)


BUILDERS: Mapping[str, Builder] = {"Bidirectional": Bidirectional.build}
