"""LSTM, GRU and SimpleRNN: a cell, the way it goes, and what of it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.errors import BundleMismatch
from classifier.network.activations import Activation, read_activation, sigmoid, tanh, width
from classifier.network.cells import (
    Cell,
    Into,
    LSTMCell,
    ResetAfterGRUCell,
    ResetBeforeGRUCell,
    SimpleRNNCell,
    sigmoid_into,
)
from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import Options, expect_sizes, expect_weights
from classifier.network.recurrence import run
from classifier.network.spec import LayerSpec, Shape

_IFOC = (0, 1, 3, 2)  # from i f c o: the three that share an activation stand together
_IN_PLACE: Mapping[Activation, Into] = {sigmoid: sigmoid_into, tanh: np.tanh}


@dataclass(frozen=True, eq=False, slots=True)
class Recurrent:
    """(rows, steps, inputs), and initial states if any → (rows, units), or all steps' outputs.

    A masked step carries the states on and shows the output of the step before it: zeros until
    the first step that counts, whatever the initial state (as TensorFlow and PyTorch under
    Keras have it; NumPy and JAX under Keras show the initial state). With ``zero_masked`` it
    always shows zeros. The output of the layer is that of the last step taken. Backwards, the
    steps are taken and shown from the last to the first.

    Attributes:
        sequences: whether the output of every step is given, (rows, steps, units).
        states: whether the last states are given too, (rows, units) each.
    """

    name: str
    cell: Cell
    backwards: bool
    zero_masked: bool
    sequences: bool
    states: bool

    @property
    def units(self) -> int:
        """How many values a state of one row has."""
        return int(self.cell.kernel.shape[2])

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return (units,) or (steps, units), then (units,) for each state that is given."""
        inputs = self.cell.kernel.shape[1]
        if len(shapes) not in (1, 1 + self.cell.states):
            expected = f"1, or {1 + self.cell.states} with initial states"
            raise BundleMismatch(f"{self.name}: inputs", expected, len(shapes))
        if len(shapes[0]) != 2 or shapes[0][1] != inputs:
            raise BundleMismatch(f"{self.name}: input", ("steps", inputs), shapes[0])
        for state in shapes[1:]:
            if state != (self.units,):
                raise BundleMismatch(f"{self.name}: initial state", (self.units,), state)
        output = (shapes[0][0], self.units) if self.sequences else (self.units,)
        return (output, *([(self.units,)] * self.cell.states if self.states else []))

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the output, then the last states if they are asked for.

        Raises:
            BundleMismatch: for no steps at all, or a mask of other rows or steps.
        """
        x, initial = inputs[0], inputs[1:] or self._zeros(len(inputs[0]))
        _expect_steps(self.name, x, mask)
        if self.backwards:
            x, mask = x[:, ::-1], None if mask is None else mask[:, ::-1]
        sequence = self._sequence(x) if self.sequences else None
        states = run(self.cell, x, initial, mask, sequence)
        output = states[0] if sequence is None else sequence
        if mask is not None:
            output = self._shown(output, mask)
        return (output, *(states if self.states else ()))

    def _zeros(self, rows: int) -> list[Array]:
        dtype = self.cell.kernel.dtype
        return [np.zeros((rows, self.units), dtype) for _ in range(self.cell.states)]

    def _sequence(self, x: Array) -> Array:
        return np.empty((*x.shape[:2], self.units), self.cell.kernel.dtype)

    def _shown(self, output: Array, mask: Mask) -> Array:
        shown = mask if self.zero_masked else np.logical_or.accumulate(mask, axis=1)
        return np.where((shown if self.sequences else shown[:, -1])[..., None], output, 0)


def read_recurrent(
    spec: LayerSpec, weights: Mapping[str, Array], *, zero_masked: bool = False
) -> Recurrent:
    """Return the layer of the kind LSTM, GRU or SimpleRNN that ``spec`` describes.

    Args:
        spec: the layer; gates stand in the order of Keras: i f c o, or z r h.
        weights: ``kernel`` (inputs, gates·units), ``recurrent_kernel`` (units, gates·units),
            and ``bias`` if any: (gates·units,), for a GRU that resets after (2, 3·units).
        zero_masked: what ``zero_output_for_mask`` is when the spec does not say.

    Raises:
        UnsupportedLayer: for a setting that this runtime does not know.
        BundleMismatch: for weights that are not those of such a layer.
    """
    with Options(spec, masked=True) as options:
        return Recurrent(
            name=spec.name,
            cell=_CELLS[spec.kind](spec, options, weights),
            backwards=options.flag("go_backwards", False),
            zero_masked=options.flag("zero_output_for_mask", zero_masked),
            sequences=options.flag("return_sequences", False),
            states=options.flag("return_state", False),
        )


def _lstm(spec: LayerSpec, options: Options, weights: Mapping[str, Array]) -> Cell:
    _expect_weights(spec, weights, gates=4, bias_rank=1)
    return LSTMCell(
        kernel=_gates(weights["kernel"], 4)[_IFOC, :],
        recurrent=_gates(weights["recurrent_kernel"], 4)[_IFOC, :],
        bias=_gates(weights["bias"], 4)[_IFOC, :] if "bias" in weights else None,
        activation=_into(options, "activation", "tanh"),
        gate=_into(options, "recurrent_activation", "sigmoid"),
    )


def _gru(spec: LayerSpec, options: Options, weights: Mapping[str, Array]) -> Cell:
    bias = weights.get("bias")
    after = options.flag("reset_after", _resets_after(spec, bias))
    _expect_weights(spec, weights, gates=3, bias_rank=2 if after else 1)
    kernel, recurrent = _gates(weights["kernel"], 3), _gates(weights["recurrent_kernel"], 3)
    activation = _into(options, "activation", "tanh")
    gate = _into(options, "recurrent_activation", "sigmoid")
    if not after:
        biases = None if bias is None else _gates(bias, 3)
        return ResetBeforeGRUCell(kernel, recurrent, biases, activation, gate)
    if bias is None:
        return ResetAfterGRUCell(kernel, recurrent, None, None, activation, gate)
    of_input, of_state = _gates(bias[0], 3), _gates(bias[1], 3)
    of_input[:2] += of_state[:2]
    return ResetAfterGRUCell(kernel, recurrent, of_input, of_state[2, 0], activation, gate)


def _simple(spec: LayerSpec, options: Options, weights: Mapping[str, Array]) -> Cell:
    _expect_weights(spec, weights, gates=1, bias_rank=1)
    return SimpleRNNCell(
        kernel=_gates(weights["kernel"], 1),
        recurrent=_gates(weights["recurrent_kernel"], 1),
        bias=_gates(weights["bias"], 1) if "bias" in weights else None,
        activation=_into(options, "activation", "tanh"),
    )


_CELLS = {"LSTM": _lstm, "GRU": _gru, "SimpleRNN": _simple}
KINDS = tuple(_CELLS)


def _resets_after(spec: LayerSpec, bias: Array | None) -> bool:
    if bias is None and "reset_after" not in spec.config:
        raise BundleMismatch(f"{spec.name}: reset_after", "true or false", "nothing, and no bias")
    return bias is not None and bias.ndim == 2


def _gates(matrix: Array, gates: int) -> Array:
    """Return the columns of (inputs, gates·units), or (gates·units,), as (gates, inputs, units)."""
    rows = matrix.reshape(-1, gates, matrix.shape[-1] // gates)
    return np.array(rows.transpose(1, 0, 2), order="C")


def _into(options: Options, key: str, default: str) -> Into:
    activation = read_activation(options, key, default)
    value = options.value(key, default)
    axis = value.get("axis", -1) if isinstance(value, Mapping) else -1
    if axis not in (-1, 1) or width(activation, 2) != 2:  # a row is a row, of as many values
        options.refuse(key)
    return _IN_PLACE.get(activation) or _copying(activation)


def _copying(activation: Activation) -> Into:
    def into(x: Array, out: Array) -> None:
        blocks = (-1, *x.shape[-2:])
        for block, target in zip(x.reshape(blocks), out.reshape(blocks), strict=True):
            target[...] = activation(block)

    return into


def _expect_weights(
    spec: LayerSpec, weights: Mapping[str, Array], *, gates: int, bias_rank: int
) -> None:
    ranks = {"kernel": 2, "recurrent_kernel": 2, "bias": bias_rank}
    expect_weights(spec, weights, ranks, optional=["bias"])
    units = len(weights["recurrent_kernel"])
    expect_sizes(spec, "recurrent_kernel", weights["recurrent_kernel"], (units, gates * units))
    inputs = len(weights["kernel"])
    expect_sizes(spec, "kernel", weights["kernel"], (inputs, gates * units))
    if "bias" in weights:
        rows = (2,) if bias_rank == 2 else ()
        expect_sizes(spec, "bias", weights["bias"], (*rows, gates * units))


def _expect_steps(name: str, x: Array, mask: Mask | None) -> None:
    if not x.shape[1]:
        raise BundleMismatch(f"{name}: steps", "at least 1", 0)
    if mask is not None and mask.shape != x.shape[:2]:
        raise BundleMismatch(f"{name}: mask", x.shape[:2], mask.shape)


BUILDERS: Mapping[str, Builder] = dict.fromkeys(KINDS, read_recurrent)
