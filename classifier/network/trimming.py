"""Columns of padding that a batch can do without.

Rows of ids are padded with 0 to the longest of all. Where a mask passes over the padding, up
to a mean or a largest value, a batch answers the same without the columns in which it has
nothing else; but a convolution reads the steps beside those that count, so that of the
padding there as many columns stay as it reaches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from classifier.network.graph import Network
from classifier.network.layer import Array
from classifier.network.options import Options
from classifier.network.spec import GraphSpec, LayerSpec, Ref
from classifier.network.windows import Windows

_PER_STEP = frozenset({"Dense", "Activation", "ReLU", "LeakyReLU", "ELU", "Identity"})
_AT_ONCE = 64
"""Rows of about the same length."""


@dataclass(frozen=True, slots=True)
class Margins:
    """How many columns of padding stay beside those that count.

    Attributes:
        before: on the side of the first step.
        after: on that of the last.
    """

    before: int = 0
    after: int = 0

    def __add__(self, other: Margins) -> Margins:
        return Margins(self.before + other.before, self.after + other.after)

    def __or__(self, other: Margins) -> Margins:
        """Return what is enough for both."""
        return Margins(max(self.before, other.before), max(self.after, other.after))


def trimmable(network: Network) -> dict[Ref, Margins]:
    """Return the inputs of ids whose padding, id 0, counts nowhere beyond these margins."""
    inputs = (x for x in network.spec.inputs if x.dtype == "int" and len(x.shape) == 1)
    found = {given.name: _Steps(network, given.name).margins() for given in inputs}
    return {name: margins for name, margins in found.items() if margins is not None}


def trimmed(inputs: Mapping[Ref, Array], margins: Mapping[Ref, Margins]) -> dict[Ref, Array]:
    """Return ``inputs`` with those that have ``margins`` freed of the padding beyond them."""
    return {
        name: _without_padding(x, margins[name]) if name in margins else x
        for name, x in inputs.items()
    }


def trim(network: Network) -> Network | TrimmedNetwork:
    """Return a network with the output of ``network``, faster for many rows at once.

    It is ``network`` itself if it reads all padding, or if it has no convolution: what else is
    done step by step takes less time than to sort the rows.
    """
    convolves = any(layer.kind == "Conv1D" for layer in network.spec.layers)
    if not convolves or len(network.spec.outputs) > 1 or not (margins := trimmable(network)):
        return network
    opened = [
        replace(given, shape=(None,)) if given.name in margins else given
        for given in network.spec.inputs
    ]
    spec = replace(network.spec, inputs=tuple(opened))
    return TrimmedNetwork(Network(spec, network.tensors, dtype=network.dtype), margins)


@dataclass(frozen=True, eq=False, slots=True)
class TrimmedNetwork:
    """Answers rows of about the same length together, without the padding that they share."""

    network: Network
    margins: Mapping[Ref, Margins]

    @property
    def spec(self) -> GraphSpec:
        """What the network is made of; rows of its ids may have any length."""
        return self.network.spec

    def __call__(self, inputs: Mapping[Ref, Array]) -> Array:
        """Return the output for a batch, its rows in the order of ``inputs``."""
        if len(next(iter(inputs.values()))) <= _AT_ONCE:
            return self._of(inputs)
        lengths = sum(np.count_nonzero(inputs[name], axis=1) for name in self.margins)
        order = np.argsort(lengths, kind="stable")
        parts = [{name: x[rows] for name, x in inputs.items()} for rows in _portions(order)]
        together = np.concatenate([self._of(trimmed(part, self.margins)) for part in parts])
        found: Array = together[np.argsort(order)]
        return found

    def _of(self, inputs: Mapping[Ref, Array]) -> Array:
        output: Array = self.network(inputs)
        return output


def _portions(order: Array) -> Sequence[Array]:
    return np.split(order, range(_AT_ONCE, len(order), _AT_ONCE))


def _without_padding(ids: Array, margins: Margins) -> Array:
    used = (ids != 0).any(axis=0)
    kept = used.copy()
    for step in range(1, min(margins.before + 1, len(used))):
        kept[:-step] |= used[step:]
    for step in range(1, min(margins.after + 1, len(used))):
        kept[step:] |= used[:-step]
    # Also of padding alone a row has a step.
    return ids[:, kept] if used.any() else ids[:, :1]


class _Steps:
    """The steps of one input, followed to where they end: in what passes over the padding."""

    def __init__(self, network: Network, name: Ref) -> None:
        self._network, self._name = network, name
        self._arrays: dict[Ref, Margins] = {name: Margins()}
        """Those with a value a step, right wherever the step counts and its margins are there."""
        self._silent: set[Ref] = set()
        """Those among them with 0 in each step of padding."""
        self._masks: set[Ref] = set()
        self._columns: set[Ref] = set()
        """Masks (steps, 1)."""
        self._needed = Margins()

    def margins(self) -> Margins | None:
        """Return what the network needs; None: all padding."""
        spec = self._network.spec
        for layer in spec.layers:
            if self._reads(layer) and not self._follow(layer):
                return None
        known = self._arrays.keys() | self._masks | self._columns
        return self._needed if known.isdisjoint(spec.outputs) else None

    def _reads(self, layer: LayerSpec) -> bool:
        known = self._arrays.keys() | self._masks | self._columns
        return layer.mask in known or not known.isdisjoint(layer.inputs)

    def _follow(self, layer: LayerSpec) -> bool:
        """Note what ``layer`` makes of the steps; tell whether the padding still counts nowhere."""
        return (
            self._is_mask(layer)
            or self._is_column(layer)
            or self._keeps_steps(layer)
            or self._convolves(layer)
            or self._silences(layer)
            or self._ends(layer)
        )

    def _is_mask(self, layer: LayerSpec) -> bool:
        own = layer.kind == "NotEqual" and layer.inputs == (self._name,)
        if own and not layer.config.get("value"):
            self._masks.add(layer.name)
            return True
        return False

    def _is_column(self, layer: LayerSpec) -> bool:
        target = layer.config.get("target_shape")
        if layer.kind == "Reshape" and layer.inputs[0] in self._masks and target in _COLUMN:
            self._columns.add(layer.name)
            return True
        return False

    def _keeps_steps(self, layer: LayerSpec) -> bool:
        """Note a layer that makes of each step one, without a look at the others."""
        known, first = layer.inputs[0] in self._arrays, layer.inputs[0] == self._name
        if layer.mask is not None or not known or not _is_plain(layer):
            return False
        if layer.kind != "Embedding" if first else layer.kind not in _PER_STEP:
            return False
        self._arrays[layer.name] = self._arrays[layer.inputs[0]]
        if layer.kind == "Identity" and layer.inputs[0] in self._silent:
            self._silent.add(layer.name)
        return True

    def _convolves(self, layer: LayerSpec) -> bool:
        """Note a convolution that has a window for each step."""
        before = self._arrays.get(layer.inputs[0])
        if layer.kind != "Conv1D" or before is None or not _is_plain(layer):
            return False
        options = Options(layer)
        size = len(self._network.tensors[layer.weights["kernel"]])
        padding = "same" if size == 1 else str(options.value("padding", "valid"))
        if padding == "valid" or options.stride("strides", 1) != 1:
            return False
        windows = Windows(size, padding=padding, dilation=options.stride("dilation_rate", 1))
        self._arrays[layer.name] = before + Margins(*windows.sides(windows.reach))
        return True

    def _silences(self, layer: LayerSpec) -> bool:
        """Note a product of steps with the mask."""
        if layer.kind != "Multiply" or layer.config.get("constants") is not None:
            return False
        steps = [name for name in layer.inputs if name not in self._columns]
        if len(steps) != 1 or len(layer.inputs) < 2 or steps[0] not in self._arrays:
            return False
        if steps[0] == self._name:
            return False
        self._arrays[layer.name] = self._arrays[steps[0]]
        self._silent.add(layer.name)
        return True

    def _ends(self, layer: LayerSpec) -> bool:
        """Note a layer that makes one vector of the steps that count."""
        steps = layer.inputs[0]
        if layer.kind == "GlobalAveragePooling1D" and layer.mask in self._masks:
            self._needed |= self._arrays.get(steps, Margins())
            return steps in self._arrays
        if layer.kind == "GlobalMaxPooling1D" and steps in self._silent:
            # A row that had a step of padding still has one: the largest value is at least 0.
            self._needed |= self._arrays[steps] | Margins(1, 1)
            return True
        return False


_COLUMN = ([-1, 1], (-1, 1))


def _is_plain(layer: LayerSpec) -> bool:
    """An activation with arguments may have one that says: along the steps."""
    return not isinstance(layer.config.get("activation"), Mapping)
