"""LSTM, GRU and RNN of PyTorch → layers of this runtime.

PyTorch keeps the weights of all layers of a stack in one module: ``weight_ih_l0``,
``weight_hh_l1_reverse`` and so on. Its matrices are (gates·units, inputs), its gates in the
order i f g o, or r z n, and it has two biases: one for the input, one for the state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from classifier.errors import BundleMismatch
from classifier.importers.torch.porting import Converter, Parts, Porting
from classifier.network import Array, Ref

_KINDS = {"LSTM": "LSTM", "GRU": "GRU", "RNN": "SimpleRNN"}
_GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
_STATES = {"LSTM": ("h", "c"), "GRU": ("h",), "RNN": ("h",)}
_DIRECTIONS = {"forward": "", "backward": "_reverse"}
OWN_STATES = (
    "{layer}: the last states of both directions are joined row by row. A model that reshapes "
    "h_n with view(-1, 2 * hidden_size) mixes the rows of a batch, and its answer to a text "
    "depends on the texts beside it."
)


def recurrent(port: Porting) -> Parts:
    """All layers of the stack, one after the other; parts are those of the last one."""
    if port.has("weight_hr_l0"):
        port.options.refuse("proj_size")
    stack, bidirectional = _size_of_stack(port), port.has("weight_ih_l0_reverse")
    _expect_settings(port, stack, bidirectional)
    known = ("", *_part_names(port.entry.kind, bidirectional))
    read = port.assembly.parts_of(port.entry.name) or {""}
    for part in sorted(read - set(known)):
        expected = ", ".join(f"{port.entry.name}:{name}" for name in known[1:])
        raise BundleMismatch(f"{port.entry.name}: parts", expected, part)
    config = _config(port)
    inputs = port.inputs
    for number in range(stack):
        top = number == stack - 1
        shown = {"return_sequences": not top or "" in read, "return_state": top and read != {""}}
        name = port.entry.name if stack == 1 else f"{port.entry.name}/{number}"
        inputs = [_add(port, name, number, {**config, **shown}, inputs, bidirectional)]
    return dict(_parts(port, inputs[0], read, bidirectional))


def _add(
    port: Porting,
    name: str,
    number: int,
    config: Mapping[str, object],
    inputs: list[Ref],
    bidirectional: bool,
) -> Ref:
    kind = _KINDS[port.entry.kind]
    if not bidirectional:
        return port.add(kind, config, _weights(port, f"l{number}"), inputs=inputs, name=name)
    shown = {key: config[key] for key in ("return_sequences", "return_state")}
    child = {key: value for key, value in config.items() if key not in shown}
    both = {"layer": kind, "merge_mode": "concat", "forward": child, "backward": child, **shown}
    weights = {
        f"{direction}_{role}": tensor
        for direction, suffix in _DIRECTIONS.items()
        for role, tensor in _weights(port, f"l{number}{suffix}").items()
    }
    return port.add("Bidirectional", both, weights, inputs=inputs, name=name)


def _weights(port: Porting, suffix: str) -> dict[str, Array]:
    turn = _turned_gru if port.entry.kind == "GRU" else np.transpose
    weights = {
        "kernel": turn(port.weight(f"weight_ih_{suffix}", 2)),
        "recurrent_kernel": turn(port.weight(f"weight_hh_{suffix}", 2)),
    }
    if port.has(f"bias_ih_{suffix}"):
        of_input = port.weight(f"bias_ih_{suffix}", 1)
        of_state = port.weight(f"bias_hh_{suffix}", 1)
        if of_input.shape != of_state.shape:
            name = f"{port.entry.weights}.bias_hh_{suffix}"
            raise BundleMismatch(name, of_input.shape, of_state.shape)
        # The reset gate of a GRU stands between its two biases of the candidate.
        joined = turn(np.stack([of_input, of_state], axis=1))
        weights["bias"] = joined if port.entry.kind == "GRU" else joined.sum(axis=0)
    return weights


def _turned_gru(matrix: Array) -> Array:
    """Return (gates·units, inputs) in the order r z n as (inputs, gates·units) in z r n."""
    if len(matrix) % 3:
        raise BundleMismatch("GRU", "three gates", matrix.shape)
    reset, update, new = np.split(matrix, 3)
    return np.concatenate([update, reset, new]).T


def _size_of_stack(port: Porting) -> int:
    if not port.has("weight_ih_l0"):
        port.weight("weight_ih_l0")  # says what is missing
    number = 1
    while port.has(f"weight_ih_l{number}"):
        number += 1
    return number


def _expect_settings(port: Porting, stack: int, bidirectional: bool) -> None:
    weight = port.weight("weight_hh_l0", 2)
    port.expect("hidden_size", weight.shape[1])
    port.expect("input_size", port.weight("weight_ih_l0", 2).shape[1])
    port.expect("num_layers", stack)
    port.expect("bidirectional", bidirectional)
    port.expect("bias", port.has("bias_ih_l0"))
    if port.options.value("batch_first", True) is not True:
        port.options.refuse("batch_first")
    port.ignore("dropout")


def _config(port: Porting) -> dict[str, object]:
    if port.entry.kind == "RNN":
        return {"activation": port.options.choice("nonlinearity", "tanh", ["tanh", "relu"])}
    return {"reset_after": True} if port.entry.kind == "GRU" else {}


def _part_names(kind: str, bidirectional: bool) -> tuple[str, ...]:
    """Names of the parts that can be read: of an LSTM in both directions ``h``, ``c``, and
    each of them for one direction, as ``h_forward``."""
    ways = ("", *(f"_{direction}" for direction in _DIRECTIONS)) if bidirectional else ("",)
    return tuple(f"{state}{way}" for state in _STATES[kind] for way in ways)


def _parts(
    port: Porting, layer: Ref, read: set[str], bidirectional: bool
) -> Iterator[tuple[str, Ref]]:
    states = _STATES[port.entry.kind]
    if "" in read:
        yield "", layer
    if not bidirectional:
        yield from ((state, f"{layer}:{i}") for i, state in enumerate(states, 1) if state in read)
        return
    single = [f"{state}_{direction}" for direction in _DIRECTIONS for state in states]
    refs = {name: f"{layer}:{i}" for i, name in enumerate(single, 1)}
    yield from ((name, ref) for name, ref in refs.items() if name in read)
    for state in states:
        if state in read:
            both = [refs[f"{state}_{direction}"] for direction in _DIRECTIONS]
            yield state, port.add("Concatenate", inputs=both, name=f"{port.entry.name}/{state}")
            port.assembly.note(OWN_STATES.format(layer=port.entry.name))


CONVERTERS: Mapping[str, Converter] = dict.fromkeys(_KINDS, recurrent)
